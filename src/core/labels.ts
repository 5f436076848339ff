/** Every label that goes into a hash, a key or a signature; all begin alike so that none fits another protocol. */
export const label = {
  identity: 'earshot/1/identity',
  knockKey: 'earshot/1/knock-key',
  addressKey: 'earshot/1/address-key',
  token: 'earshot/1/token',
  address: 'earshot/1/address',
  pair: 'earshot/1/pair',
  pairKey: 'earshot/1/pair-key',
  seal: 'earshot/1/seal',
  knock: 'earshot/1/knock',
  bind: 'earshot/1/bind',
  record: 'earshot/1/record',
  incarnation: 'earshot/1/incarnation',
  inviteId: 'earshot/1/invite/id',
  inviteKnock: 'earshot/1/invite/knock',
  inviteWho: 'earshot/1/invite/who',
  inviteBind: 'earshot/1/invite/bind',
} as const

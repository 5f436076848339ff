/** How long the smallest transaction takes until it is really on the disk (ms): a message stands on two of them. */
export async function strictTransaction(): Promise<number> {
  const db = await opened()
  const began = performance.now()
  await new Promise((resolve, reject) => {
    const transaction = db.transaction('rows', 'readwrite', { durability: 'strict' })
    transaction.objectStore('rows').put('a message of some length, as people write them', 1)
    transaction.oncomplete = resolve
    transaction.onerror = reject
  })
  return performance.now() - began
}

let known: Promise<IDBDatabase> | undefined

function opened(): Promise<IDBDatabase> {
  known ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('bench', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('rows')
    request.onsuccess = () => resolve(request.result)
    request.onerror = reject
  })
  return known
}

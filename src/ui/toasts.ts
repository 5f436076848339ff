/** A short note at the edge of the page that goes away by itself. Loaded when first needed. */
export interface Toast {
  readonly text: string
  readonly kind?: 'plain' | 'good' | 'problem'
  /** One thing to do about it. */
  readonly action?: { readonly label: string; run(): void }
}

/** Shows it once {@link file://./Toaster.svelte} is in the page, which App does after the first screen. */
export async function showToast({ text, kind = 'plain', action }: Toast): Promise<void> {
  const { toast } = await import('svelte-sonner')
  const options =
    action === undefined
      ? {}
      : {
          action: {
            label: action.label,
            onClick: () => {
              action.run()
            },
          },
        }
  if (kind === 'plain') toast(text, options)
  else if (kind === 'good') toast.success(text, options)
  else toast.error(text, options)
}

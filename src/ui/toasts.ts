/** A short note at the edge of the page that goes away by itself. Loaded when first needed. */
export interface Toast {
  readonly text: string
  readonly kind?: 'plain' | 'good' | 'problem'
  /** One thing to do about it. */
  readonly action?: Action
  /** Another one. A note that asks stays longer. */
  readonly other?: Action
}

interface Action {
  readonly label: string
  run(): void
}

/** So long stays what can be answered, milliseconds. */
const QUESTION_MS = 20_000

/**
 * Shows it once {@link file://./Toaster.svelte} is in the page, which App does after the first screen. Resolves with
 * what takes it away again.
 */
export async function showToast({ text, kind = 'plain', action, other }: Toast): Promise<() => void> {
  const { toast } = await import('svelte-sonner')
  const options = {
    ...(action && { action: buttonOf(action) }),
    ...(other && { cancel: buttonOf(other), duration: QUESTION_MS }),
  }
  const show = { plain: toast, good: toast.success, problem: toast.error }[kind]
  const id = show(text, options)
  return () => {
    toast.dismiss(id)
  }
}

function buttonOf(action: Action): { label: string; onClick: () => void } {
  return {
    label: action.label,
    onClick: () => {
      action.run()
    },
  }
}

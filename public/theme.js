// Before the first picture, so that a chosen theme does not flash. The rest is in src/features/settings/theme.svelte.ts.
;(() => {
  const theme = localStorage.getItem('earshot-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
})()

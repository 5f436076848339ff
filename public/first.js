// Before everything else, and in words that the oldest browser reads.
;(function () {
  // A chosen theme does not flash. The rest is in src/features/settings/theme.svelte.ts.
  try {
    var theme = localStorage.getItem('earshot-theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.setAttribute('data-theme', theme)
  } catch (refused) {
    void refused
    // Where nothing may be stored nothing was chosen; the page says so itself.
  }
  // A browser that cannot even read the program gets an answer too; what does run takes its place.
  addEventListener('error', function () {
    var app = document.getElementById('app')
    if (app && !app.firstChild) app.textContent = 'This browser is too old for Earshot. Please update it.'
  })
})()

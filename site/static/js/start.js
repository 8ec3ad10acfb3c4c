// Runs before the first paint. Says that scripts work, and takes it back when the modules have
// not reported within four seconds, so that a blocked script never hides the menu.
(function () {
  var root = document.documentElement;
  if (!("noModule" in HTMLScriptElement.prototype)) return;
  root.classList.add("hk-js");
  setTimeout(function () {
    if (!root.dataset.menu) root.classList.remove("hk-js");
  }, 4000);
})();

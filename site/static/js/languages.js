// The switcher keeps what the address cannot carry: the place on the page (#…), and the choice.
export function startLanguages() {
  const links = document.querySelectorAll("a[data-language]");
  const follow = () => {
    for (const link of links) link.hash = location.hash;
  };
  for (const link of links) {
    link.addEventListener("click", () => {
      const secure = location.protocol === "https:" ? ";secure" : "";
      const value = `kaifong_language=${link.dataset.language}`;
      document.cookie = `${value};path=/;max-age=31536000;samesite=lax${secure}`;
    });
  }
  window.addEventListener("hashchange", follow);
  follow();
}

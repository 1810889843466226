// The desk works without this. With it, a typed date is read and the mail is written anew while somebody types, and Ctrl+Enter sends.
(() => {
  "use strict";
  const later = (wait, run) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(run, wait); };
  };

  for (const input of document.querySelectorAll("input[data-reading]")) {
    const output = document.getElementById(input.dataset.reading);
    const field = name => input.form.elements.namedItem(name)?.value ?? "";
    let asked = 0;
    const read = later(200, async () => {
      const mine = ++asked;
      if (input.value.trim() === "") { output.textContent = output.dataset.empty; return; }
      const query = new URLSearchParams({ phrase: input.value, on: field("on"), fiscal: field("fiscal") });
      try {
        const answer = await fetch(`/desk/reading?${query}`);
        const text = await answer.text();
        // a slow answer does not overwrite a later one
        if (mine === asked && answer.ok) { output.textContent = text; }
      } catch { /* offline: the form still sends */ }
    });
    input.addEventListener("input", read);
    for (const name of ["on", "fiscal"]) { input.form.elements.namedItem(name)?.addEventListener?.("input", read); }
    if (input.value) { read(); }
  }

  for (const form of document.querySelectorAll("form[data-live]")) {
    const preview = form.querySelector("button[formtarget]");
    const show = later(600, () => form.requestSubmit(preview));
    form.addEventListener("input", show);
    form.addEventListener("change", show);
    form.addEventListener("keydown", event => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(form.querySelector("button.main")); }
    });
    if (form.dataset.live === "now") { show(); }
  }
})();

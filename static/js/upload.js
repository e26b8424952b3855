/* Sends files in parts (tus 1.0): several at once, paused and resumed, gone on with after the line
   broke or the page was loaded anew. Without this file one file at a time goes with the form. */

(() => {
  "use strict";

  const form = document.getElementById("section-form");
  const zone = document.getElementById("upload");
  const plain = form?.querySelector("input[type=file][name=file-file]");
  if (!zone || !plain || !window.tus?.isSupported) return;

  const PART = 256 * 1024; // bytes: as much is sent again at most when the line breaks
  const AT_ONCE = 2;
  const RETRY = [0, 1000, 3000, 5000, 10000];
  const AGAIN = 15000;
  const PATIENCE = 30000; // ms
  const words = zone.dataset;
  const list = zone.querySelector(".upload-files");
  const told = zone.querySelector(".upload-told");
  const files = new Set(); // those under way, in the order they were chosen
  const store = window.tus.defaultOptions.urlStorage;

  const filled = (text, value) => text.replace(/\{\w+\}/, () => value);
  const field = (name) => form.elements[`file-${name}`];
  const headers = { Accept: "application/json" };
  // Asked each time: after signing in again the page has another one.
  const withToken = (request) =>
    request.setHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);

  const line = (template) => {
    const row = document.getElementById(template).content.firstElementChild.cloneNode(true);
    list.append(row);
    return row;
  };

  // One file ------------------------------------------------------------------------------

  class Sending {
    constructor(file, kind, title) {
      this.file = file;
      this.print = [words.owner, kind, file.name, file.size, file.lastModified].join("|");
      this.percent = 0;
      this.mode = "queued";
      this.row = line("upload-file");
      this.part("name").textContent = file.name;
      this.bar = this.row.querySelector("progress");
      this.bar.setAttribute("aria-label", file.name);
      this.upload = new window.tus.Upload(file, this.options(kind, title));
      this.part("pause").addEventListener("click", () => this.pause());
      this.part("resume").addEventListener("click", () => this.resumeByHand());
      this.part("cancel").addEventListener("click", () => this.cancel());
      this.show();
    }

    options(kind, title) {
      const name = this.file.name;
      return {
        endpoint: words.endpoint,
        chunkSize: PART,
        retryDelays: RETRY,
        headers,
        overridePatchMethod: true, // some proxies let only old methods through
        removeFingerprintOnSuccess: true,
        metadata: { filename: name, section: words.section, kind, title },
        fingerprint: async () => this.print,
        onBeforeRequest: withToken,
        onShouldRetry: (error) => {
          const status = error.originalResponse?.getStatus() || 0;
          return !status || status === 409 || status === 423 || status >= 500;
        },
        onProgress: (sent, all) => this.progress(sent, all),
        onSuccess: () => this.added(),
        onError: (error) => this.failed(error),
      };
    }

    part(name) {
      return this.row.querySelector(`.upload-${name}`);
    }

    show(sentence) {
      const state = sentence || filled(words[this.mode] || "", this.percent);
      if (this.part("state").textContent !== state) this.part("state").textContent = state;
      this.bar.value = this.percent;
      const stopped = ["paused", "broken", "signedOut", "lost"].includes(this.mode);
      this.part("pause").hidden = !["sending", "queued"].includes(this.mode);
      this.part("resume").hidden = !stopped;
      this.bar.hidden = this.mode === "refused";
      this.row.classList.toggle("is-trouble", ["refused", "lost", "signedOut"].includes(this.mode));
    }

    become(mode, sentence) {
      this.mode = mode;
      this.show(sentence);
      next();
    }

    async start() {
      this.become("sending");
      if (!this.upload.url) {
        const before = await this.upload.findPreviousUploads();
        if (before.length) this.upload.resumeFromPreviousUpload(before[0]);
        forgetLine(before);
      }
      if (this.mode === "sending") this.upload.start();
    }

    progress(sent, all) {
      if (!["sending", "checking"].includes(this.mode)) return;
      this.percent = Math.floor((100 * sent) / all);
      this.mode = sent === all ? "checking" : "sending";
      this.show();
    }

    pause() {
      this.upload.abort();
      this.become("paused");
      this.part("resume").focus();
    }

    // By itself it leaves the cursor where somebody is typing.
    resume() {
      clearTimeout(this.timer);
      if (this.mode === "lost") this.upload.url = null;
      this.become("queued");
    }

    async resumeByHand() {
      if (this.mode === "signedOut" && !(await this.signedInAgain())) return;
      this.resume();
      const here = document.activeElement;
      if (here === document.body || here === this.part("resume")) this.part("pause").focus();
    }

    // Who signed in again in another window has another token; the page may know it by now.
    async signedInAgain() {
      try {
        const hindrance = await window.sectionToken();
        if (hindrance === "other") this.show(document.getElementById("saving").dataset.other);
        return !hindrance && this.mode === "signedOut";
      } catch {
        return false; // still away
      }
    }

    cancel() {
      clearTimeout(this.timer);
      // What came of it is deleted; if that cannot be told now, it is two days later.
      this.upload.abort(this.mode !== "refused" && Boolean(this.upload.url)).catch(() => {});
      this.forget();
      this.leave();
      zone.querySelector(".upload-choose").focus();
    }

    async forget() {
      for (const { urlStorageKey } of await store.findUploadsByFingerprint(this.print)) {
        store.removeUpload(urlStorageKey);
      }
    }

    leave() {
      files.delete(this);
      this.row.remove();
      next();
    }

    added() {
      told.textContent = filled(words.added, this.file.name);
      this.leave();
      refresh();
    }

    failed(error) {
      const answer = error.originalResponse;
      const status = answer?.getStatus() || 0;
      if (status === 401 || status === 403) return this.become("signedOut");
      if (status === 404 || status === 410) return this.become("lost");
      const sentence = refusalIn(answer);
      if (status === 422 || status === 413) {
        this.forget();
        this.part("cancel").textContent = words.dismiss;
        told.textContent = `${filled(words.refused, this.file.name)} ${sentence}`;
        return this.become("refused", sentence);
      }
      this.become("broken", sentence);
      this.timer = setTimeout(() => this.become("queued"), AGAIN);
    }
  }

  const refusalIn = (answer) => {
    try {
      return JSON.parse(answer.getBody()).refused || "";
    } catch {
      return "";
    }
  };

  const next = () => {
    const busy = [...files].filter((one) => ["sending", "checking"].includes(one.mode)).length;
    const waiting = [...files].filter((one) => one.mode === "queued");
    for (const one of waiting.slice(0, Math.max(0, AT_ONCE - busy))) one.start();
  };

  const take = (chosen) => {
    const title = chosen.length === 1 ? field("title").value : "";
    for (const file of chosen) files.add(new Sending(file, field("kind").value, title));
    if (chosen.length === 1) field("title").value = "";
    next();
  };

  // The page around it --------------------------------------------------------------------

  const refresh = async () => {
    try {
      const answer = await fetch(window.location.pathname, {
        redirect: "error",
        signal: AbortSignal.timeout?.(PATIENCE), // older browsers wait as long as they do
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("files-list");
      if (fresh) document.getElementById("files-list").replaceWith(document.adoptNode(fresh));
      // A new file can be named as evidence at once.
      for (const select of page.querySelectorAll("#section-form select")) {
        const here = form.elements[select.name];
        if (!here?.options) continue;
        const known = new Set([...here.options].map((one) => one.value));
        here.append(...[...select.options].filter((one) => !known.has(one.value)));
      }
    } catch { /* the file is there; the list shows it when the page is loaded again */ }
  };

  const forgetLine = (before) => {
    for (const { urlStorageKey } of before) {
      list.querySelector(`[data-stored="${CSS.escape(urlStorageKey)}"]`)?.remove();
    }
  };

  const showUnfinished = async () => {
    const before = (await store.findAllUploads()).filter((one) =>
      one.urlStorageKey.startsWith(`tus::${words.owner}|`));
    for (const one of before) {
      const row = line("upload-unfinished");
      row.dataset.stored = one.urlStorageKey;
      row.querySelector(".upload-name").textContent = one.metadata.filename;
      row.querySelector(".upload-cancel").addEventListener("click", () => {
        const options = { headers, onBeforeRequest: withToken, retryDelays: [] };
        window.tus.Upload.terminate(one.uploadUrl, options).catch(() => {});
        store.removeUpload(one.urlStorageKey);
        row.remove();
      });
    }
  };

  // One way to choose files: this one. The input of the form stays empty and is not sent.
  plain.closest(".mb-3, div[id]").hidden = true;
  document.getElementById("upload-plain").hidden = true;
  zone.hidden = false;
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.multiple = true;
  chooser.accept = plain.accept;
  chooser.hidden = true;
  chooser.className = "upload-input";
  zone.append(chooser);
  zone.querySelector(".upload-choose").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", (event) => {
    event.stopPropagation();
    take([...chooser.files]);
    chooser.value = "";
  });
  const section = document.getElementById("files");
  section.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("is-over");
  });
  section.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  section.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    zone.classList.remove("is-over");
    take([...event.dataTransfer.files]);
  });
  // Whoever leaves now cuts off what is on its way.
  window.addEventListener("beforeunload", (event) => {
    if ([...files].some((one) => !["refused", "lost"].includes(one.mode))) event.preventDefault();
  });
  window.addEventListener("online", () => {
    for (const one of files) if (one.mode === "broken") one.resume();
  });
  showUnfinished();
})();

// Search, light and dark, and copying of commands. Everything is there to be read without it.
"use strict";

const root = document.currentScript.dataset.root;

// A page from a disk may have no storage, depending on the browser.
const theme = {
    get kept() { try { return localStorage.getItem("theme"); } catch { return null; } },
    set kept(name) { try { localStorage.setItem("theme", name); } catch { /* it holds for this page */ } },
};
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (systemIsDark.matches ? "dark" : "light")) === "dark";
if (theme.kept) document.documentElement.dataset.theme = theme.kept;

function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
}

addEventListener("DOMContentLoaded", () => {
    offerThemes(document.querySelector(".theme"));
    offerCopies();
    offerSearch(document.querySelector(".search"), document.querySelector(".found"));
});

function offerThemes(button) {
    const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
    button.addEventListener("click", () => {
        theme.kept = document.documentElement.dataset.theme = isDark() ? "light" : "dark";
        name();
    });
    systemIsDark.addEventListener("change", name);
    name();
    button.hidden = false;
}

function offerCopies() {
    if (!navigator.clipboard) return;
    for (const block of document.querySelectorAll("pre")) {
        const typed = [...block.querySelectorAll("kbd")].map((line) => line.textContent);
        const text = typed.length ? typed.join("\n") + "\n" : block.textContent;
        const button = element("button", { type: "button", className: "copy", textContent: "Copy" });
        button.addEventListener("click", async () => {
            try {
                await navigator.clipboard.writeText(text);
                button.textContent = "Copied";
            } catch {
                button.textContent = "Not allowed";
            }
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
        });
        const frame = element("div", { className: "block" });
        block.replaceWith(frame);
        frame.append(block, button);
    }
}

function offerSearch(form, found) {
    const input = form.querySelector("input");
    const most = 30;
    let pages;

    function load() {
        pages ??= new Promise((loaded, failed) => {
            const script = element("script", { src: root + "search.js" });
            script.onload = () => loaded(window.mhpipePages);
            script.onerror = failed;
            document.head.append(script);
        });
        return pages;
    }

    /** How well a section answers; 0 when one of the words is not in it, its heading or the title of its page. */
    function score(words, title, heading, text) {
        let sum = 0;
        for (const word of words) {
            const inTitle = title.includes(word), inHeading = heading.includes(word), place = text.indexOf(word);
            if (!inTitle && !inHeading && place < 0) return 0;
            sum += (inHeading ? 10 : 0) + (inTitle ? 5 : 0);
            if (place >= 0) sum += text.includes(word, place + 1) ? 3 : 2;
        }
        return sum;
    }

    function marked(text, words) {
        const lower = text.toLowerCase();
        const place = Math.max(0, Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0), text.length) - 60);
        const part = text.slice(place, place + 200);
        const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
        const pieces = part.split(new RegExp(`(${pattern})`, "gi"));
        return [place ? "… " : "", ...pieces.map((piece, index) => index % 2 ? element("mark", { textContent: piece }) : piece)];
    }

    async function look() {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        found.hidden = !words.length;
        if (!words.length) return;
        let all;
        try {
            all = await load();
        } catch {
            found.replaceChildren(element("p", { role: "status", textContent: "search.js cannot be loaded." }));
            return;
        }
        if (input.value.toLowerCase().split(/\s+/).filter(Boolean).join(" ") !== words.join(" ")) return;
        const hits = [];
        for (const [url, title, sections] of all) {
            for (const [anchor, heading, text] of sections) {
                let points = score(words, title.toLowerCase(), heading.toLowerCase(), text.toLowerCase());
                if (url === "CHANGELOG.html") points /= 4;
                if (points) hits.push({ points, url: anchor ? `${url}#${anchor}` : url, title, heading, text });
            }
        }
        hits.sort((one, other) => other.points - one.points);
        const count = hits.length > most ? `${most} of ${hits.length} places` : hits.length === 1 ? "1 place" : `${hits.length} places`;
        const items = hits.slice(0, most).map((hit) => element("li", {},
            element("a", { href: root + hit.url }, hit.title === hit.heading ? hit.title : `${hit.title}: ${hit.heading}`),
            element("p", {}, ...marked(hit.text, words))));
        found.replaceChildren(element("p", { role: "status", textContent: count }), element("ol", {}, ...items));
    }

    function end() {
        input.value = "";
        found.hidden = true;
    }

    function move(event) {
        const links = [...found.querySelectorAll("a")];
        if (!links.length || found.hidden) return;
        const place = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
        event.preventDefault();
        (place < 0 ? input : links[Math.min(place, links.length - 1)]).focus();
    }

    form.hidden = false;
    input.addEventListener("focus", () => load().catch(() => {}), { once: true });
    input.addEventListener("input", look);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        found.querySelector("a")?.click();
    });
    found.addEventListener("click", (event) => { if (event.target.closest("a")) end(); });
    addEventListener("keydown", (event) => {
        if (event.key === "/" && !event.target.closest("input, textarea")) {
            event.preventDefault();
            input.focus();
        } else if (event.key === "Escape" && !found.hidden) {
            end();
            input.focus();
        } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest(".search, .found")) {
            move(event);
        }
    });
}

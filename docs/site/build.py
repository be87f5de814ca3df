"""Makes a site of the Markdown files of this repository: static pages, a search without a server, and llms.txt.

usage: build.py FOLDER      what is in FOLDER is replaced

Every link has to lead somewhere: to a page, to a heading that it has, or to a file of the repository. What leads nowhere is
listed with its place, nothing is written, and the exit code is 1.
"""

import html
import json
import os
import pathlib
import re
import shutil
import string
import sys

from markdown_it import MarkdownIt

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# The order of the pages. A page of `docs` that no line names comes under the last heading.
GROUPS = [
    ("Begin", ["README.md", "docs/install.md", "docs/for-*.md"]),
    ("Ask", ["docs/questions.md", "docs/report.md", "docs/conditions.md", "docs/output-schema.md",
             "docs/ocsf.md", "docs/ecs.md"]),
    ("Pipelines", ["docs/pipeline-format.md", "docs/input.md", "docs/transforms-with-state.md",
                   "docs/redaction.md", "docs/s3.md", "docs/scale.md"]),
    ("Run", ["docs/running.md", "docs/reliability.md", "docs/exit-codes.md", "docs/run-summary.md", "docs/quarantine.md"]),
    ("Prove", ["docs/digests.md", "docs/manifest.md", "docs/threats.md"]),
    ("Plugins", ["docs/reference/README.md", "docs/reference/source-*.md", "docs/reference/transform-*.md",
                 "docs/reference/sink-*.md", "Plugins/*/README.md"]),
    ("Develop", ["docs/writing-plugins.md", "docs/exec-plugins.md", "docs/architecture.md", "docs/performance.md",
                 "CONTRIBUTING.md", "CHANGELOG.md"]),
    ("More", ["docs/*.md", "docs/*/*.md", "pipelines/*/README.md"]),
]
# The pages of modules, which docc makes.
LEFT_OUT = re.compile(r"^docs/[^/]*\.docc/")
PICTURES = {".png", ".svg", ".jpg", ".gif", ".webp"}


class Page:
    """A Markdown file of the repository, or another text that a page has a link to."""

    def __init__(self, path, group):
        self.path, self.group = path, group
        self.is_markdown = path.endswith(".md")
        folder, name = os.path.split(path)
        name = ("index.html" if name == "README.md" else name[:-3] + ".html") if self.is_markdown else name + ".html"
        self.url = os.path.join(folder, name)
        self.is_folder = (ROOT / path).is_dir()
        if self.is_folder:
            self.url = os.path.join(path, "index.html")
        self.text = "" if self.is_folder else (ROOT / path).read_text(encoding="utf-8")
        self.title, self.description = path, ""
        self.anchors, self.sections, self.headings, self.body = set(), [], [], ""

    @property
    def root(self):
        return "../" * self.url.count("/")

    def to(self, other):
        return os.path.relpath(other, os.path.dirname(self.url) or ".")


class Site:
    def __init__(self):
        self.pages, self.files, self.mistakes = {}, set(), []
        for group, patterns in GROUPS:
            for pattern in patterns:
                for path in sorted(found.relative_to(ROOT).as_posix() for found in ROOT.glob(pattern)):
                    if path not in self.pages and not LEFT_OUT.match(path):
                        self.pages[path] = Page(path, group)
        self.markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        rules = self.markdown.renderer.rules
        rules["table_open"] = lambda *_: '<div class="wide" tabindex="0"><table>\n'
        rules["table_close"] = lambda *_: "</table></div>\n"
        # An option is not broken behind its hyphens.
        rules["code_inline"] = lambda tokens, index, *_: (
            f'<code{" class=short" if len(tokens[index].content) < 24 else ""}>{html.escape(tokens[index].content)}</code>')
        rules["fence"] = rules["code_block"] = lambda tokens, index, *_: block(tokens[index])

        # What README says of a page in its list, which is shorter than the page's first sentence.
        listed = re.sub(r"\s+", " ", self.pages["README.md"].text)
        self.listed = dict(re.findall(r"- \[[^]]*\]\(([^)#]*\.md)\): (.+?\.)(?= - | #|$)", listed))

    def read(self):
        waiting = list(self.pages.values())
        while waiting:
            page = waiting.pop(0)
            if page.is_markdown:
                waiting += self.read_markdown(page)
            elif page.is_folder:
                waiting += self.read_folder(page)
            else:
                read_text(page)
        for page in self.pages.values():
            if page.is_markdown:
                self.render(page)
            elif page.is_folder:
                self.render_folder(page)

    def read_markdown(self, page):
        """Reads what the page says, and gives the texts that it has links to."""
        # Markdown has no comments of its own, and raw HTML is not taken.
        text = re.sub(r"<!--.*?-->", lambda comment: "\n" * comment[0].count("\n"), page.text, flags=re.S)
        page.tokens = self.markdown.parse(text)
        page.description = capitalized(self.listed.get(page.path, "").replace("`", ""))
        found, title, anchor, words = [], "", "", []

        def close():
            if title or words:
                page.sections.append([anchor, title, re.sub(r"\s+", " ", " ".join(words)).strip()])

        for index, token in enumerate(page.tokens):
            if token.type == "heading_open":
                close()
                inline = page.tokens[index + 1]
                title, words = plain(inline), []
                anchor = slug(title, page.anchors)
                page.anchors.add(anchor)
                token.attrSet("id", anchor)
                if token.tag == "h1" and page.title == page.path:
                    page.title = title
                elif token.tag == "h2":
                    page.headings.append((anchor, title))
            elif token.type == "inline":
                if page.tokens[index - 1].type != "heading_open":
                    words.append(plain(token))
                if not page.description and page.tokens[index - 1].type == "paragraph_open" and token.level == 1:
                    page.description = first_sentence(plain(token))
                found += self.texts_behind_links(page, token)
            elif token.type in ("fence", "code_block"):
                words.append(token.content)
        close()
        return found

    def read_folder(self, page):
        """Lists the texts of a folder without a page of its own, and gives those that have no page yet."""
        found = []
        for file in sorted((ROOT / page.path).iterdir()):
            path = file.relative_to(ROOT).as_posix()
            if file.is_file() and file.suffix not in PICTURES and path not in self.pages:
                self.pages[path] = Page(path, None)
                found.append(self.pages[path])
        return found

    def texts_behind_links(self, page, inline):
        found = []
        for child in inline.children:
            address = child.attrGet("href" if child.type == "link_open" else "src")
            if child.type not in ("link_open", "image") or re.match(r"https?:|#", address):
                continue
            path = self.path_of(page, address)
            file = ROOT / path
            if path in self.pages or path in self.files or path.startswith("..") or not file.exists():
                continue
            if file.suffix in PICTURES:
                self.files.add(path)
            else:
                self.pages[path] = Page(path, None)
                found.append(self.pages[path])
        return found

    @staticmethod
    def path_of(page, address):
        path = os.path.normpath(os.path.join(os.path.dirname(page.path), address.partition("#")[0]))
        return os.path.join(path, "README.md") if (ROOT / path / "README.md").is_file() else path

    def render(self, page):
        for token in page.tokens:
            for child in token.children or ():
                if child.type == "link_open":
                    child.attrSet("href", self.target(page, token, child.attrGet("href")))
                elif child.type == "image":
                    child.attrSet("src", self.target(page, token, child.attrGet("src"), is_picture=True))
        page.body = self.markdown.renderer.render(page.tokens, self.markdown.options, {})
        # A head without a word heads nothing.
        page.body = page.body.replace("<th></th>", "<td></td>")
        page.body = re.sub(r'<(h[2-6]) id="([^"]*)">(.*?)</\1>', heading, page.body)

    def render_folder(self, page):
        inside = sorted((other for other in self.pages.values() if os.path.dirname(other.path) == page.path), key=lambda it: it.path)
        items = "".join(f'<li><a href="{page.to(other.url)}">{html.escape(os.path.basename(other.path))}</a>: '
                        f"{html.escape(other.description)}</li>\n" for other in inside)
        page.body = f"<h1>{html.escape(page.path)}</h1>\n<ul>\n{items}</ul>\n"
        page.sections = [["", page.path, ""]]

    def target(self, page, token, address, is_picture=False):
        if re.match(r"https?:", address) and not is_picture:
            return address
        line = page.path + ":" + str((token.map or [0])[0] + 1)
        path, anchor = address.partition("#")[0], address.partition("#")[2]
        path = self.path_of(page, address) if path else page.path
        if path in self.files and not anchor:
            return page.to(path)
        if path not in self.pages or is_picture:
            self.mistakes.append(f"{line}: '{address}' leads nowhere")
        elif anchor and anchor not in self.pages[path].anchors:
            nearest = ", ".join(sorted(self.pages[path].anchors)) or "none"
            self.mistakes.append(f"{line}: '{address}' leads nowhere; the headings of {path} are: {nearest}")
        else:
            own = "" if path == page.path and anchor else page.to(self.pages[path].url)
            return own + ("#" + anchor if anchor else "")
        return address

    def write(self, folder):
        # What a folder has before is another site, or a mistake in the argument.
        if folder.exists() and any(folder.iterdir()) and not (folder / "llms.txt").exists():
            sys.exit(f"build.py: error: '{folder}' has other files in it")
        shutil.rmtree(folder, ignore_errors=True)
        template = string.Template((HERE / "page.html").read_text(encoding="utf-8"))
        order = [page for page in self.pages.values() if page.group]
        for page in self.pages.values():
            place = order.index(page) if page.group else None
            save(folder / page.url, template.substitute(
                root=page.root,
                title=html.escape(page.title if page.path == "README.md" else f"{page.title} · mhpipe"),
                description=html.escape(page.description),
                content=page.body,
                neighbours=neighbours(page, order, place),
                navigation=navigation(page, order),
                footer=f"From <code>{html.escape(page.path)}</code>",
            ))
        # The texts as they are, for those that read Markdown, with links that lead on.
        for path in [*(page.path for page in self.pages.values() if not page.is_folder), *self.files]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, folder / path)
        for name in ("style.css", "site.js"):
            shutil.copyfile(HERE / name, folder / name)
        save(folder / "search.js", "window.mhpipePages = " + index_of(self.pages.values()) + ";\n")
        save(folder / "llms.txt", plain_index(order, self.pages.values()))


def read_text(page):
    """A file that is no Markdown is shown as it is."""
    comment = re.match(r"(?:#!.*\n)?((?:(?:#|//+) .*\n)+)", page.text)
    words = re.sub(r"^(?:#|//+) ?", "", comment[1], flags=re.M) if comment else ""
    page.description = first_sentence(re.sub(r"\s+", " ", words).strip())
    page.sections = [["", page.path, page.description]]
    page.body = f"<h1>{html.escape(page.path)}</h1>\n<pre tabindex=\"0\"><code>{html.escape(page.text)}</code></pre>\n"


def plain(inline):
    """What is to be read of a line, without its marks."""
    parts = []
    for child in inline.children:
        if child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(plain(child))
        else:
            parts.append(child.content)
    return "".join(parts)


def slug(title, taken):
    """The name that GitHub gives a heading, so that a link is right there as well."""
    name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    number, free = 0, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def first_sentence(text):
    match = re.match(r"(.+?[.!?])(?:\s|$)", text)
    text = match[1] if match else text
    return text[:-1] + "." if text.endswith(":") else text


def capitalized(text):
    return text[:1].upper() + text[1:] if not text.startswith("mhpipe") else text


def heading(match):
    tag, anchor, text = match.groups()
    return f'<{tag} id="{anchor}">{text} <a class="here" href="#{anchor}" aria-label="Link to this section">#</a></{tag}>'


def block(token):
    """A block of code; of a console, what is typed is told from what comes back."""
    language = token.info.split()[0] if token.info else ""
    if not re.search(r"^\$ ", token.content, flags=re.M):
        return f'<pre tabindex="0"><code class="{html.escape(language)}">{html.escape(token.content)}</code></pre>\n'
    lines, is_typed, quote = [], False, ""
    for line in token.content.splitlines():
        begins = line.startswith("$ ")
        is_typed = begins or is_typed
        if not is_typed:
            lines.append(html.escape(line))
            continue
        prompt = '<span class="prompt">$ </span>' if begins else ""
        typed = line[2:] if begins else line
        lines.append(f"{prompt}<kbd>{html.escape(typed)}</kbd>")
        for character in typed:
            if character in "'\"" and quote in ("", character):
                quote = "" if quote else character
        is_typed = bool(quote) or typed.endswith("\\")
    return '<pre tabindex="0"><code class="console">' + "\n".join(lines) + "\n</code></pre>\n"


def navigation(page, order):
    parts, group = [], None
    for other in order:
        if other.group != group:
            parts.append(("</ul>\n" if group else "") + f"<h2>{other.group}</h2>\n<ul>")
            group = other.group
        here = other is page
        title = html.escape("Overview" if other.path == "README.md" else other.title)
        current = ' aria-current="page"' if here else ""
        inner = ""
        if here and len(page.headings) > 1:
            items = "".join(f'<li><a href="#{anchor}">{html.escape(text)}</a></li>' for anchor, text in page.headings)
            inner = f"<ul>{items}</ul>"
        parts.append(f'<li><a href="{page.to(other.url)}"{current}>{title}</a>{inner}</li>')
    return "\n".join(parts) + "</ul>"


def neighbours(page, order, place):
    if place is None:
        return ""
    links = []
    for other, relation, arrow in ((place - 1, "prev", "← {}"), (place + 1, "next", "{} →")):
        if 0 <= other < len(order):
            text = arrow.format(html.escape(order[other].title))
            links.append(f'<a rel="{relation}" href="{page.to(order[other].url)}">{text}</a>')
    return "".join(links)


def index_of(pages):
    """What the search looks through: pages with their sections, in a script, since a page from a disk cannot fetch."""
    entries = [[page.url, page.title, page.sections] for page in pages]
    # So that no text ends the script that it is in.
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")


def plain_index(order, pages):
    """One line for each page, as https://llmstxt.org has it."""
    readme = order[0]
    lines = [f"# {readme.title}", "", f"> {readme.description}"]
    group = None
    for page in order:
        if page.group != group:
            group = page.group
            lines += ["", f"## {group}", ""]
        lines.append(f"- [{page.title}]({page.path})" + (f": {page.description}" if page.description else ""))
    texts = sorted((page for page in pages if page.path.endswith(".conf")), key=lambda page: page.path)
    lines += ["", "## Pipelines to begin from", ""]
    lines += [f"- [{page.path}]({page.path})" + (f": {page.description}" if page.description else "") for page in texts]
    return "\n".join(lines) + "\n"


def save(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    site = Site()
    site.read()
    if site.mistakes:
        for mistake in site.mistakes:
            print(f"build.py: error: {mistake}", file=sys.stderr)
        sys.exit(1)
    folder = pathlib.Path(sys.argv[1])
    site.write(folder)
    markdown = sum(page.is_markdown for page in site.pages.values())
    print(f"site: {markdown} pages and {len(site.pages) - markdown} files are in {folder}; open {folder}/index.html")


if __name__ == "__main__":
    main()

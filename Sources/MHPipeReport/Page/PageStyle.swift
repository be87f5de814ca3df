/// The style of the page: quiet, dense, for the screen in light and dark, and for paper.
enum PageStyle {
    /// The hash by which the page's policy lets it in; a test holds it against the text.
    static let hash = "sha256-OF0RtJbT1j6aQmcB8IegLdMTG+iH0C66E91GdelZQYU="

    static let text: Markup = #"""
        :root{color-scheme:light dark;
        --paper:light-dark(#fff,#15181d);--ink:light-dark(#1b1f24,#e4e7eb);--soft:light-dark(#57606a,#a3acb7);
        --rule:light-dark(#dfe3e8,#2d333b);--wash:light-dark(#f5f7f9,#1b1f25);--link:light-dark(#0b5c8a,#82c4ee);
        --good:light-dark(#2a7346,#79c894);--busy:light-dark(#2563a8,#83b4ee);--warning:light-dark(#8a5800,#e3b04d);
        --bad:light-dark(#b3261e,#f48b82);--quiet:light-dark(#5b6470,#9aa4b0)}
        :root:has(#light:checked){color-scheme:light}
        :root:has(#dark:checked){color-scheme:dark}
        *{box-sizing:border-box}
        html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);
        font:15px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        font-variant-numeric:tabular-nums}
        a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:2px}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px}
        main:focus{outline:0}
        .skip{position:absolute;left:-999rem}
        .skip:focus{left:1rem;top:1rem;z-index:9;background:var(--paper);padding:.5rem .75rem}
        .top,nav ul,main,footer{max-width:82rem;margin:0 auto;padding-inline:1.5rem}
        .top{display:flex;gap:1rem 2rem;flex-wrap:wrap;justify-content:space-between;align-items:end;padding-block:2.25rem 1.25rem}
        h1{font-size:1.9rem;line-height:1.15;letter-spacing:-.02em;font-weight:650;margin:0;overflow-wrap:anywhere}
        .top p{margin:.4rem 0 0;color:var(--soft);overflow-wrap:anywhere}
        .theme{display:flex;border:1px solid var(--rule);border-radius:6px;padding:2px;margin:0;font-size:.8rem}
        .theme legend{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        .theme label{position:relative;cursor:pointer}
        .theme input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
        .theme span{display:block;padding:.15rem .6rem;border-radius:4px;color:var(--soft)}
        .theme input:checked+span{background:var(--wash);color:var(--ink);box-shadow:inset 0 0 0 1px var(--rule)}
        .theme input:focus-visible+span{outline:2px solid var(--link)}
        nav{position:sticky;top:0;z-index:3;background:var(--paper);border-block:1px solid var(--rule)}
        nav ul{display:flex;gap:.1rem 1.3rem;list-style:none;overflow-x:auto;scrollbar-width:thin;font-size:.9rem}
        nav a{display:block;padding:.6rem 0;white-space:nowrap;text-decoration:none;color:var(--soft)}
        nav a:hover,nav a[aria-current]{color:var(--ink);box-shadow:inset 0 -2px 0 var(--link)}
        section{padding-top:2.25rem}
        h2{font-size:1.35rem;line-height:1.25;letter-spacing:-.01em;font-weight:650;margin:0}
        h3,caption,figcaption{font-size:.95rem;font-weight:620;text-align:left;margin:0}
        .lead{max-width:72ch;margin:.35rem 0 0;color:var(--soft)}
        .remark{max-width:76ch;margin:1rem 0 0;padding-left:.9rem;border-left:3px solid var(--rule)}
        #summary h3{margin-top:1.75rem}
        .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:0 1.5rem;margin:1rem 0 0}
        .figures div{border-top:1px solid var(--rule);padding:.6rem 0 .9rem;display:flex;flex-direction:column}
        .figures dt{color:var(--soft);font-size:.85rem}
        .figures dd{margin:0;font-size:1.5rem;line-height:1.25;font-weight:600;letter-spacing:-.01em}
        .figures small{display:block;font-size:.8rem;font-weight:400;letter-spacing:0;color:var(--soft)}
        .findings{list-style:none;margin:.6rem 0 0;padding:0;max-width:80ch}
        .findings li{display:grid;grid-template-columns:5.5rem 1fr;gap:.75rem;padding:.4rem 0;border-bottom:1px solid var(--rule)}
        .findings a{color:inherit}
        .part{margin-top:1.9rem;position:relative}
        .scroll{overflow:auto;max-height:36rem;border-bottom:1px solid var(--rule);scrollbar-width:thin}
        table{border-collapse:separate;border-spacing:0;width:100%;font-size:.85rem;line-height:1.4}
        caption{padding-bottom:.45rem;position:sticky;left:0}
        thead th{position:sticky;top:0;z-index:2;background:var(--paper);color:var(--soft);font-weight:550;text-align:left;
        vertical-align:bottom;border-bottom:1px solid var(--soft);padding:.3rem .9rem .3rem 0;white-space:nowrap}
        tbody th{text-align:left;font-weight:550}
        tbody th,td{vertical-align:top;padding:.32rem .9rem .32rem 0;border-bottom:1px solid var(--rule);max-width:24rem;
        overflow-wrap:break-word;unicode-bidi:isolate}
        tbody tr:last-child>*{border-bottom:0}
        tbody tr:hover>*{background:var(--wash)}
        tr>:last-child{padding-right:.2rem}
        .n{text-align:right;white-space:nowrap;min-width:0}
        thead .n{text-align:right}
        .w{min-width:18rem}
        .d{min-width:17rem}
        .d .ends{font-weight:400;gap:1rem}
        .ends{display:flex;justify-content:space-between;color:var(--soft);font-size:.8rem;margin:0}
        time{white-space:nowrap}
        code{font:.92em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        .no{color:var(--soft)}
        .none,.rest{color:var(--soft);margin:.35rem 0 0;font-size:.85rem}
        .rest code{color:var(--ink);overflow-wrap:anywhere}
        .s{white-space:nowrap;font-weight:550}
        .s::before{content:"";display:inline-block;width:.55em;height:.55em;border-radius:50%;margin-right:.45em;background:currentColor}
        .s.good{color:var(--good)}.s.busy{color:var(--busy)}.s.warning{color:var(--warning)}
        .s.bad{color:var(--bad)}.s.quiet{color:var(--quiet)}
        .s.quiet::before{background:none;box-shadow:inset 0 0 0 1.5px currentColor}
        .s.bad::before{border-radius:1px}
        svg{display:block}
        .line{width:100%;min-width:14rem;height:16px;margin-top:.1rem}
        svg .axis{fill:var(--rule)}
        svg .good{fill:var(--good)}svg .busy{fill:var(--busy)}svg .warning{fill:var(--warning)}
        svg .bad{fill:var(--bad)}svg .quiet{fill:var(--quiet)}
        svg .gap{stroke:var(--bad);vector-effect:non-scaling-stroke}
        .chart{margin:1.6rem 0 0}
        .chart>svg{width:100%;height:121px;margin-top:.5rem}
        .key svg{display:inline-block}
        .chart .ends{padding-top:.3rem;flex-wrap:wrap;gap:0 1rem}
        .tools{display:flex;gap:.4rem 1rem;align-items:baseline;flex-wrap:wrap;margin:.6rem 0;font-size:.85rem;color:var(--soft)}
        .tools label{display:flex;gap:.5rem;align-items:baseline}
        input[type=search]{font:inherit;color:var(--ink);background:var(--paper);border:1px solid var(--quiet);border-radius:5px;
        padding:.2rem .5rem;width:15rem;max-width:60vw}
        thead button{all:unset;cursor:pointer;font:inherit;color:inherit}
        thead button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
        thead button:hover{color:var(--ink)}
        thead button::after{content:"";display:inline-block;width:0;height:0;margin-left:.35em;vertical-align:middle;
        border:.26em solid transparent;border-top-color:currentColor;opacity:.35;transform:translateY(.13em)}
        [aria-sort=ascending] button::after{opacity:1;border-top-color:transparent;border-bottom-color:currentColor;transform:translateY(-.13em)}
        [aria-sort=descending] button::after{opacity:1}
        .facts{margin:.5rem 0 0}.facts div{display:grid;grid-template-columns:17rem minmax(0,1fr);gap:0 1rem;padding:.3rem 0;
        border-bottom:1px solid var(--rule)}.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
        footer{margin-top:3rem;padding-block:1.25rem 3rem;color:var(--soft);font-size:.85rem;border-top:1px solid var(--rule)}
        footer p{margin:0;max-width:80ch}
        @media(min-width:641px){.part>.tools{position:absolute;right:0;top:-.45rem;margin:0;flex-direction:row-reverse;z-index:1}
        .part>.tools~.scroll caption{padding-right:26rem}.tools input{width:13rem}}
        @media(max-width:640px){.top,nav ul,main,footer{padding-inline:1rem}.top{padding-block:1.25rem 1rem}h1{font-size:1.5rem}
        .figures{grid-template-columns:1fr 1fr;gap:0 1rem}.figures dd{font-size:1.25rem}.findings li{grid-template-columns:1fr;gap:0}
        .facts div{grid-template-columns:1fr}.chart>svg{height:90px}td,tbody th{max-width:15rem}}
        @media print{:root,:root:has(#dark:checked){color-scheme:light}@page{size:A4 landscape;margin:12mm}body{font-size:9pt}
        nav,.theme,.tools,.skip{display:none!important}.top,main,footer{max-width:none;padding-inline:0}.top{padding-block:0 .5rem}
        .scroll{max-height:none;overflow:visible}thead th,caption{position:static}tr,.figures div,.chart{break-inside:avoid}
        h2,h3,caption,.lead{break-after:avoid}section{padding-top:1.2rem}.facts div{break-inside:avoid;padding:.1rem 0}table{font-size:7pt}.d,.line{width:9rem}
        .w,.d,.line{min-width:0}.ends{font-size:inherit}tbody th,td,thead th{padding-right:.5rem}tbody th,td{max-width:11rem}thead th{white-space:normal}.part>.tools~.scroll caption{padding-right:0}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        thead button{display:contents}thead button::after{display:none}a{color:inherit;text-decoration:none}}
        """#
}

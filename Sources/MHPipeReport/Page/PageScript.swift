/// The script of the page: sorting and searching of what is there already.
///
/// Without it nothing is missing but that.
enum PageScript {
    /// The hash by which the page's policy lets it in; a test holds it against the text.
    static let hash = "sha256-W7BxLROqgtfoTizNquTSYeUitYloyuM6mAxl9qQwmPU="

    static let text: Markup = #"""
        (()=>{"use strict";
        const $=(q,n=document)=>[...n.querySelectorAll(q)];
        const make=(tag,props={},...kids)=>{const n=Object.assign(document.createElement(tag),props);n.append(...kids);return n};
        const value=cell=>cell?(cell.dataset.v??cell.textContent.trim()):"";
        const number=text=>/^-?[\d,]+(\.\d+)?( %)?$/.test(text)?Number(text.replace(/[, %]/g,"")):NaN;
        const tables=$(".part table").map(table=>{
        const body=table.tBodies[0],rows=[...body.rows],heads=[...table.tHead.rows[0].cells],caption=table.caption.textContent;
        const texts=rows.map(row=>row.textContent.toLowerCase());
        const field=make("input",{type:"search",autocomplete:"off",spellcheck:false});
        const told=make("output");told.setAttribute("aria-live","polite");
        const name=make("span",{textContent:"Search"});
        const label=make("label",{},name,field);field.setAttribute("aria-label","Search in: "+caption);
        const tools=make("div",{className:"tools"},label,told);
        if(rows.length>5)table.closest(".part").prepend(tools);
        heads.forEach((head,place)=>{
        const button=make("button",{type:"button"});
        const first=head.firstElementChild;
        if(first){button.append(...first.childNodes);first.append(button)}else{button.append(...head.childNodes);head.append(button)}
        button.addEventListener("click",()=>{
        const down=head.getAttribute("aria-sort")==="ascending"||!head.hasAttribute("aria-sort")&&head.classList.contains("n");
        heads.forEach(other=>other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort",down?"descending":"ascending");
        const keys=new Map(rows.map(row=>[row,value(row.cells[place])]));
        const empty=text=>text===""||text==="–";
        const order=[...rows].sort((a,b)=>{
        const x=keys.get(a),y=keys.get(b);
        if(empty(x)||empty(y))return empty(x)-empty(y);
        const n=number(x),m=number(y);
        const by=Number.isNaN(n)||Number.isNaN(m)?(x<y?-1:x>y?1:0):n-m;
        return down?-by:by});
        body.append(...order)})});
        return{rows,texts,field,told}});
        const all=make("input",{type:"search",autocomplete:"off",spellcheck:false,id:"search"});
        const hits=make("output");hits.setAttribute("aria-live","polite");
        const bar=make("div",{className:"tools"},make("label",{},make("span",{textContent:"Search all tables"}),all),hits);
        if(tables.length)document.querySelector("#summary h2").after(bar);
        const search=()=>{
        const words=all.value.toLowerCase().split(/\s+/).filter(Boolean);let sum=0;
        for(const table of tables){
        const own=words.concat(table.field.value.toLowerCase().split(/\s+/).filter(Boolean));let count=0;
        table.rows.forEach((row,place)=>{
        const fits=own.every(word=>table.texts[place].includes(word));row.hidden=!fits;if(fits)count++});
        table.told.textContent=own.length?count+" of "+table.rows.length+" rows":"";sum+=count}
        hits.textContent=words.length?sum+" rows":""};
        all.addEventListener("input",search);tables.forEach(table=>table.field.addEventListener("input",search));
        document.addEventListener("keydown",event=>{
        const typing=/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)&&event.target.type!=="radio";
        if(event.key==="/"&&!typing&&!event.ctrlKey&&!event.metaKey&&!event.altKey){event.preventDefault();all.focus()}
        if(event.key==="Escape"&&event.target.type==="search"){event.target.value="";search()}});
        const store={get(){try{return localStorage.getItem("mhpipe-theme")}catch{return null}},
        set(name){try{localStorage.setItem("mhpipe-theme",name)}catch{}}};
        const themes=$(".theme input");const kept=themes.find(input=>input.id===store.get());if(kept)kept.checked=true;
        themes.forEach(input=>input.addEventListener("change",()=>store.set(input.id)));
        const links=new Map($("nav a").map(link=>[link.hash.slice(1),link]));
        if(window.IntersectionObserver){const seen=new Set();
        const watch=new IntersectionObserver(list=>{
        for(const entry of list)entry.isIntersecting?seen.add(entry.target.id):seen.delete(entry.target.id);
        let found=false;
        for(const[id,link]of links){const here=!found&&seen.has(id);if(here){found=true;link.setAttribute("aria-current","true")}
        else link.removeAttribute("aria-current")}},{rootMargin:"-60px 0px -50% 0px"});
        $("main>section").forEach(part=>watch.observe(part))}
        })();
        """#
}

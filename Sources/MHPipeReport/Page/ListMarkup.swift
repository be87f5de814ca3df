/// Named facts as HTML.
struct ListMarkup {
    let list: FactList

    var markup: Markup {
        let facts = list.facts.map { fact -> Markup in
            "<div><dt>\(fact.name)</dt><dd>\(TableMarkup.content(fact.value))</dd></div>\n"
        }.joined()
        return """
            <div class="part" id="\(list.id)"><h3>\(list.caption)</h3><dl class="facts">\(facts)</dl></div>

            """
    }
}

#include "CSimdJSON.h"

#include <memory>
#include <mutex>
#include <new>
#include <simdjson.h>
#include <string>
#include <vector>

struct mhp_indexer {
    const simdjson::implementation *kernel;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

// Stage 1 does not nest, so the depth that simdjson wants to know only costs memory.
static constexpr size_t unused_depth = 1;

const char *mhp_kernel_name(size_t number) {
    // The names live as long as the program.
    static std::vector<std::string> names;
    static std::once_flag once;
    std::call_once(once, [] {
        for (const auto *kernel : simdjson::get_available_implementations()) {
            if (kernel->supported_by_runtime_system()) { names.push_back(std::string(kernel->name())); }
        }
    });
    return number < names.size() ? names[number].c_str() : nullptr;
}

static const simdjson::implementation *usual_kernel() {
    const simdjson::implementation *chosen = simdjson::get_active_implementation();
    // What the environment asks for and the processor has not is no reason to read nothing.
    if (chosen->name() == "unsupported") { chosen = simdjson::get_available_implementations().detect_best_supported(); }
    return chosen;
}

const char *mhp_usual_kernel_name(void) {
    static const std::string name = usual_kernel()->name();
    return name.c_str();
}

#define MHP_TEXT(x) #x
#define MHP_TEXT_OF(x) MHP_TEXT(x)

const char *mhp_simdjson_version(void) { return MHP_TEXT_OF(SIMDJSON_VERSION); }

mhp_indexer *mhp_indexer_create(const char *kernel) {
    const simdjson::implementation *chosen = usual_kernel();
    if (kernel) { chosen = simdjson::get_available_implementations()[kernel]; }
    return chosen ? new (std::nothrow) mhp_indexer{chosen, nullptr} : nullptr;
}

void mhp_indexer_free(mhp_indexer *indexer) { delete indexer; }

bool mhp_indexer_is_fallback(const mhp_indexer *indexer) { return indexer->kernel->name() == "fallback"; }

int mhp_indexer_index(mhp_indexer *indexer, const uint8_t *text, size_t length,
                      uint32_t **index, size_t *count) {
    using simdjson::error_code;
    error_code error = simdjson::SUCCESS;
    if (!indexer->parser) {
        error = indexer->kernel->create_dom_parser_implementation(length, unused_depth, indexer->parser);
    } else if (indexer->parser->capacity() < length) {
        error = indexer->parser->set_capacity(length);
    }
    if (error) { return MHP_INDEX_FAILED; }

    error = indexer->parser->stage1(text, length, simdjson::stage1_mode::regular);
    *index = indexer->parser->structural_indexes.get();
    *count = indexer->parser->n_structural_indexes;
    switch (error) {
    case simdjson::SUCCESS: return MHP_INDEX_OK;
    case simdjson::UTF8_ERROR: return MHP_INDEX_INVALID_UTF8;
    case simdjson::UNESCAPED_CHARS: return MHP_INDEX_CONTROL_CHAR;
    case simdjson::UNCLOSED_STRING: return MHP_INDEX_UNCLOSED_STRING;
    case simdjson::EMPTY: return MHP_INDEX_EMPTY;
    default: return MHP_INDEX_FAILED;
    }
}

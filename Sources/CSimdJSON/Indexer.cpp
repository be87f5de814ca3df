#include "CSimdJSON.h"

#include <memory>
#include <new>
#include <simdjson.h>

// The kernel is simdjson's choice for this processor, made once when the program starts.
struct mhp_indexer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

// Stage 1 does not nest, so the depth that simdjson wants to know only costs memory.
static constexpr size_t unused_depth = 1;

mhp_indexer *mhp_indexer_create(void) { return new (std::nothrow) mhp_indexer; }

void mhp_indexer_free(mhp_indexer *indexer) { delete indexer; }

int mhp_indexer_index(mhp_indexer *indexer, const uint8_t *text, size_t length,
                      uint32_t **index, size_t *count) {
    using simdjson::error_code;
    error_code error = simdjson::SUCCESS;
    if (!indexer->parser) {
        error = simdjson::get_active_implementation()->create_dom_parser_implementation(
            length, unused_depth, indexer->parser);
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

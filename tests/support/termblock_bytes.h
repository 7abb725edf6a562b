/*
 * Blocks of the dictionary by themselves, their keys coded as they are.
 */
#ifndef PARASOL_TESTS_SUPPORT_TERMBLOCK_BYTES_H
#define PARASOL_TESTS_SUPPORT_TERMBLOCK_BYTES_H

#include "common/codec/termblock.h"

/* Appends the block of a writer, which is then empty; `symbols` NULL: none. */
static inline void termblock_encode(pc_termblock_writer *w, pc_buf *out,
                                    const pc_symbols *symbols)
{
    pc_symbols none;
    pc_symbol_coder coder;
    pc_buf bytes;
    pc_symbols_init(&none);
    pc_symbol_coder_init(&coder, symbols ? symbols : &none);
    pc_buf_init(&bytes, NULL);
    pc_termblock_draft draft = pc_termblock_flush(w, &bytes);
    pc_termblock_put(out, &draft, bytes.ptr, &coder);
    pc_buf_release(&bytes);
}

/* Opens a block whose first key begins with the bytes of `prefix`. */
static inline int termblock_open(pc_termblock *b, const uint8_t *ptr,
                                 size_t len, pc_str prefix,
                                 const pc_symbols *symbols)
{
    static pc_symbols none;
    pc_symbols_init(&none);
    pc_termblock_bytes in = {ptr, len, pc_key_prefix(prefix),
                             symbols ? symbols : &none};
    return pc_termblock_open(b, &in);
}

#endif

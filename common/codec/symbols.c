/*
 * Short strings <-> codes of a byte.
 */
#include "common/codec/symbols.h"

#include <string.h>

void pc_symbols_init(pc_symbols *s)
{
    memset(s, 0, sizeof *s);
    for (unsigned i = 0; i < 256; i++) {
        s->len[i] = 1;
        s->bytes[i][0] = (uint8_t)i;
    }
}

bool pc_symbols_set(pc_symbols *s, uint32_t n, const uint8_t *lens,
                    const uint8_t *bytes, size_t size)
{
    if (n == 0) {
        pc_symbols_init(s);
        return size == 0;
    }
    memset(s, 0, sizeof *s);
    s->n = n;
    for (uint32_t i = 0; i < n && i < PC_SYMBOLS_MAX; i++) {
        if (lens[i] == 0 || lens[i] > PC_SYMBOL_MAX || lens[i] > size)
            return false;
        s->len[i] = lens[i];
        memcpy(s->bytes[i], bytes, lens[i]);
        bytes += lens[i];
        size -= lens[i];
    }
    return n <= PC_SYMBOLS_MAX && size == 0;
}

void pc_symbol_coder_init(pc_symbol_coder *c, const pc_symbols *s)
{
    uint16_t at = 0;
    c->symbols = s;
    for (unsigned first = 0; first < 256; first++) {
        c->from[first] = at;
        for (unsigned code = 0; code < 256; code++) {
            if (s->len[code] == 0 || s->bytes[code][0] != first)
                continue;
            c->masks[at] = ~UINT64_C(0) >> (64 - 8 * s->len[code]);
            c->words[at] = pc_load64le(s->bytes[code]) & c->masks[at];
            c->codes[at++] = (uint8_t)code;
        }
    }
    c->from[256] = at;
}

size_t pc_symbols_put(const pc_symbol_coder *c, const uint8_t *in, size_t n,
                      uint8_t *out)
{
    const pc_symbols *s = c->symbols;
    uint16_t cost[PC_SYMBOL_TEXT + 1];
    uint8_t take[PC_SYMBOL_TEXT]; /* the code that a rest begins with best */
    uint8_t text[PC_SYMBOL_TEXT + PC_SYMBOL_MAX]; /* with bytes behind */
    PC_ASSERT(n <= PC_SYMBOL_TEXT);
    memcpy(text, in, n);
    memset(text + n, 0, PC_SYMBOL_MAX);
    cost[n] = 0;
    for (size_t i = n; i-- > 0;) {
        cost[i] = (uint16_t)(cost[i + 1] + 2);
        take[i] = PC_SYMBOL_ESCAPE;
        uint64_t rest = pc_load64le(text + i);
        for (unsigned k = c->from[in[i]]; k < c->from[in[i] + 1u]; k++) {
            if ((rest & c->masks[k]) != c->words[k])
                continue;
            unsigned code = c->codes[k], len = s->len[code];
            if (len <= n - i && cost[i + len] + 1u < cost[i]) {
                cost[i] = (uint16_t)(cost[i + len] + 1);
                take[i] = (uint8_t)code;
            }
        }
    }
    size_t used = 0;
    for (size_t i = 0; i < n;) {
        uint8_t code = take[i];
        out[used++] = code;
        if (s->len[code] == 0)
            out[used++] = in[i++];
        else
            i += s->len[code];
    }
    return used;
}

/*
 * Chains.
 */
#include "indexer/invert/chain.h"

#include <string.h>

#include "common/codec/varint.h"

/* Starts the first chunk, or the one behind the full one. */
static int add_chunk(pi_chain *c, pi_slab *slab)
{
    bool first = c->doc == 0;
    uint32_t level = first ? 0 : c->level + 1u;
    if (level >= PI_CHUNK_LEVELS)
        level = PI_CHUNK_LEVELS - 1;
    uint32_t size = pi_chunk_bytes(level);
    uint32_t address = pi_slab_take(slab, size);
    if (address == PI_SLAB_NONE)
        return PARASOL_NOMEM;
    if (first)
        c->head = address;
    else
        pc_store32le(c->at, address);
    c->at = pi_slab_at(slab, address);
    c->level = (uint16_t)level;
    c->room = (uint16_t)(size - PI_CHUNK_NEXT);
    return PARASOL_OK;
}

static int put_bytes(pi_chain *c, pi_slab *slab, const uint8_t *from, size_t n)
{
    if (c->bytes > UINT32_MAX - PI_CODE_MAX)
        return PARASOL_NOMEM;
    c->bytes += (uint32_t)n;
    while (n > c->room) {
        memcpy(c->at, from, c->room);
        from += c->room;
        n -= c->room;
        c->at += c->room;
        c->room = 0;
        if (add_chunk(c, slab))
            return PARASOL_NOMEM;
    }
    memcpy(c->at, from, n);
    c->at += n;
    c->room = (uint16_t)(c->room - n);
    return PARASOL_OK;
}

int pi_chain_put_slow(pi_chain *c, pi_slab *slab, uint32_t doc, uint32_t pos,
                      uint32_t form)
{
    uint8_t code[PI_CODE_MAX];
    size_t n;
    bool other = form != 0;
    if (c->doc == 0) {
        if (add_chunk(c, slab))
            return PARASOL_NOMEM;
    }
    if (c->doc == doc + 1) {
        n = pc_varint_put(code, (uint64_t)(pos - c->pos) << PI_CODE_SHIFT |
                                    (other ? PI_CODE_FORM : 0));
    } else {
        n = pc_varint_put(code, (uint64_t)pos << PI_CODE_SHIFT | PI_CODE_DOC |
                                    (other ? PI_CODE_FORM : 0));
        n += pc_varint_put(code + n, doc + 1 - c->doc);
        c->doc = doc + 1;
    }
    if (other)
        n += pc_varint_put(code + n, form);
    c->pos = pos;
    return put_bytes(c, slab, code, n);
}

void pi_chain_read(pi_chain_reader *r, const pi_chain *c, const pi_slab *slab)
{
    *r = (pi_chain_reader){slab, c->head, 0, c->bytes};
}

bool pi_chain_next(pi_chain_reader *r, const uint8_t **bytes, uint32_t *n)
{
    if (r->left == 0)
        return false;
    uint32_t room = pi_chunk_bytes(r->level) - PI_CHUNK_NEXT;
    *bytes = pi_slab_at(r->slab, r->next);
    *n = r->left < room ? r->left : room;
    r->left -= *n;
    if (r->left > 0)
        r->next = pc_load32le(*bytes + room);
    r->level++;
    return true;
}

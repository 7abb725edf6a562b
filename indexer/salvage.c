/*
 * Reading documents through readers that verify every page first.
 */
#include "indexer/salvage.h"

#include <errno.h>

#include "common/base/fail.h"
#include "common/base/ints.h"
#include "common/codec/bitpack.h"
#include "common/format/name.h"

/* Fills s->by_rank from the packed ranks; false if they are no order. */
static bool read_order(pi_salvage *s, const pc_section *order)
{
    unsigned width = pc_bits32(s->docs > 0 ? s->docs - 1 : 0);
    if (order->len != pc_bitpack_bytes(s->docs, width) ||
        pc_sealed_need(s->file, order->ptr, (size_t)order->len, NULL))
        return false;
    memset(s->by_rank, 0xff, s->docs * sizeof *s->by_rank);
    for (uint32_t doc = 0; doc < s->docs; doc++) {
        uint32_t rank = pc_bitpack_at(order->ptr, doc, width);
        if (rank >= s->docs || s->by_rank[rank] != UINT32_MAX)
            return false;
        s->by_rank[rank] = doc;
    }
    return true;
}

static int open_order(pi_salvage *s, parasol_error *err)
{
    pc_section order;
    if (!pc_sealed_has(s->file, PC_SECTION_ORDER, &order))
        return PARASOL_OK;
    s->by_rank = pc_alloc(s->mem, s->docs, sizeof *s->by_rank);
    if (!s->by_rank)
        return pc_fail_nomem(err);
    s->lost_order = !read_order(s, &order);
    if (s->lost_order) {
        pc_free(s->mem, s->by_rank);
        s->by_rank = NULL;
    }
    return PARASOL_OK;
}

bool pi_salvage_stops(int rc, const parasol_error *why)
{
    switch (rc) {
    case PARASOL_OK:
    case PARASOL_CORRUPT:
    case PARASOL_VERSION: return false;
    case PARASOL_NOTFOUND: return why->os_errno == ESTALE;
    default: return true;
    }
}

int pi_salvage_pass_on(int rc, const parasol_error *why, parasol_error *err)
{
    if (rc == PARASOL_NOMEM)
        return pc_fail_nomem(err);
    if (err)
        *err = *why;
    return rc;
}

int pi_salvage_open(pi_salvage *s, const char *dir,
                    const pc_manifest_segment *entry, const pc_mem *mem,
                    parasol_error *err)
{
    pc_buf path;
    parasol_error why = {0};
    *s = (pi_salvage){.mem = mem, .docs = entry->docs};
    pc_arena_init(&s->arena, mem, 0);
    pc_buf_init(&s->text, mem);
    pc_buf_init(&path, mem);
    const char *name =
        pc_name_path(&path, dir, PC_NAME_SEGMENT, entry->number, "", err);
    int rc = name ? pc_sealed_open(&s->file, name, PC_KIND_SEGMENT, mem, &why)
                  : PARASOL_NOMEM;
    pc_buf_release(&path);
    if (pi_salvage_stops(rc, &why))
        return pi_salvage_pass_on(rc, &why, err);
    if (rc)
        return PARASOL_OK;
    s->has_store =
        pc_store_open(&s->store, s->file, s->docs, mem, &why) == PARASOL_OK;
    s->has_text = s->has_store && s->store.text.total > 0;
    if (!s->has_store)
        s->has_store = pc_store_open_fields(&s->store, s->file, s->docs, mem,
                                            &why) == PARASOL_OK;
    return open_order(s, err);
}

void pi_salvage_close(pi_salvage *s)
{
    pc_sealed_close(s->file);
    pc_free(s->mem, s->by_rank);
    pc_arena_release(&s->arena);
    pc_buf_release(&s->text);
    *s = (pi_salvage){.mem = s->mem};
}

int pi_salvage_read(pi_salvage *s, uint32_t i, pi_salvaged *out,
                    parasol_error *err)
{
    pc_field *fields;
    size_t n;
    *out = (pi_salvaged){.number = s->by_rank ? s->by_rank[i] : i};
    pc_arena_clear(&s->arena);
    pc_buf_clear(&s->text);
    if (!s->has_store)
        return PARASOL_OK;
    int rc =
        pc_store_fields(&s->store, out->number, &s->arena, &fields, &n, err);
    if (!rc && fields[0].value.len > 0) {
        out->fields = fields;
        out->n_fields = n;
    }
    if (rc == PARASOL_NOMEM || !s->has_text)
        return rc == PARASOL_NOMEM ? rc : PARASOL_OK;
    rc = pc_store_text(&s->store, out->number, 0, UINT32_MAX, &s->text, err);
    out->has_text = rc == PARASOL_OK;
    out->text = pc_buf_str(&s->text);
    return rc == PARASOL_NOMEM ? rc : PARASOL_OK;
}

/*
 * Folding of keys, code point by code point.
 */
#include "searcher/expand/key_fold.h"

#include "common/text/fold.h"
#include "common/text/ucd_tables.h"
#include "common/text/utf8.h"

void ps_key_fold_init(ps_key_fold *f, const pc_mem *mem)
{
    pc_buf_init(&f->in, mem);
    pc_buf_init(&f->out, mem);
    memset(f->cache, 0, sizeof f->cache);
}

void ps_key_fold_release(ps_key_fold *f)
{
    pc_buf_release(&f->in);
    pc_buf_release(&f->out);
}

static void take(ps_folded *to, pc_str text)
{
    const char *p = text.ptr, *end = text.ptr + text.len;
    for (to->n = 0; p < end && to->n < PS_FOLDED_MAX;)
        to->to[to->n++] = pc_utf8_next(&p, end);
}

/* A mark is folded with what carries it: it stays if that then differs. */
static void fold_mark(ps_key_fold *f, uint32_t before, ps_folded *to)
{
    pc_buf_clear(&f->in);
    pc_utf8_put(&f->in, before);
    size_t len = f->in.len;
    pc_utf8_put(&f->in, to->cp);
    if (f->in.status || pc_fold_marks(&f->out, pc_buf_str(&f->in)))
        return;
    size_t both = f->out.len;
    pc_str alone = {(const char *)f->in.ptr, len};
    if (pc_fold_marks(&f->out, alone))
        return;
    bool stays = f->out.len != 2 * both ||
                 memcmp(f->out.ptr, f->out.ptr + both, both) != 0;
    to->n = stays ? 1 : 0;
    to->to[0] = to->cp;
}

const ps_folded *ps_key_fold_cp(ps_key_fold *f, uint32_t before, uint32_t cp)
{
    ps_folded *to = &f->cache[(cp ^ (cp >> 8)) % PS_FOLD_CACHE];
    bool mark = (pc_ucd_class(cp) & PC_UCD_MARK) != 0;
    if (to->cp == cp && !mark)
        return to;
    *to = (ps_folded){.cp = cp};
    pc_buf_clear(&f->out);
    if (mark) {
        fold_mark(f, before, to);
        return to;
    }
    char bytes[PC_UTF8_MAX];
    size_t len = pc_utf8_encode(cp, bytes);
    if (!pc_fold_marks(&f->out, (pc_str){bytes, len}))
        take(to, pc_buf_str(&f->out));
    return to;
}

uint32_t ps_key_fold_next(uint32_t cp)
{
    /* Covers all that pc_fold_marks changes; a test compares. */
    static const uint32_t zones[][2] = {
        {0xC0, 0x670},      {0x6A9, 0x96F},     {0x9BC, 0x9EF},
        {0xA3C, 0xD6F},     {0xE50, 0xED9},     {0xF20, 0xF29},
        {0x1040, 0x1049},   {0x17E0, 0x1819},   {0x1AB0, 0x22ED},
        {0x2C61, 0x302D},   {0xA66F, 0xAB5A},   {0xFB1E, 0xFE2F},
        {0x101FD, 0x102E0}, {0x10EFD, 0x10EFF}, {0x1133B, 0x1133B},
        {0x1CF00, 0x1E08F}};
    for (size_t i = 0; i < PC_COUNTOF(zones); i++) {
        if (cp <= zones[i][1])
            return cp < zones[i][0] ? zones[i][0] : cp;
    }
    return UINT32_MAX;
}

int ps_fold_text(pc_str text, const pc_mem *mem, pc_arena *arena,
                 uint32_t **out, uint32_t *n)
{
    pc_buf folded, plain;
    pc_buf_init(&folded, mem);
    pc_buf_init(&plain, mem);
    int rc = pc_fold_case(&folded, text);
    if (!rc)
        rc = pc_fold_marks(&plain, pc_buf_str(&folded));
    *n = 0;
    *out = rc ? NULL : pc_arena_zalloc(arena, plain.len + 1, sizeof **out);
    if (*out && plain.len > 0) {
        const char *p = (const char *)plain.ptr;
        for (const char *end = p + plain.len; p < end;)
            (*out)[(*n)++] = pc_utf8_next(&p, end);
    }
    pc_buf_release(&plain);
    pc_buf_release(&folded);
    return *out ? PARASOL_OK : PARASOL_NOMEM;
}

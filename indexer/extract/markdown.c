/*
 * Markdown (CommonMark with tables) by md4c: its callbacks feed a sink, its
 * HTML blocks go through the HTML reader. The source's own line ends are
 * kept, so that a word divided at one can be joined later.
 */
#include <md4c.h>

#include "common/base/fail.h"
#include "indexer/extract/ascii.h"
#include "indexer/extract/format.h"
#include "indexer/extract/front_matter.h"
#include "indexer/extract/html.h"
#include "indexer/extract/sink.h"

typedef struct reader {
    pi_sink sink;
    pi_extract *out;
    pc_arena *arena;
    parasol_error *err;
    pc_buf html; /* of the HTML block that is open */
    bool in_html;
    bool in_code;
    size_t heading_at;
    int rc; /* of what failed inside a callback */
} reader;

static int stop(const reader *r)
{
    return r->rc || r->sink.out.status || r->html.status;
}

static void end_html(reader *r)
{
    r->in_html = false;
    if (r->rc || r->html.status)
        return;
    r->rc =
        pi_html_into(&r->sink, r->out, pc_buf_str(&r->html), r->arena, r->err);
    pc_buf_clear(&r->html);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    reader *r = user;
    PC_UNUSED(detail);
    switch (type) {
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: pi_sink_gap(&r->sink, PI_GAP_TAB); return stop(r);
    case MD_BLOCK_HTML: r->in_html = true; break;
    case MD_BLOCK_CODE: r->in_code = true; break;
    case MD_BLOCK_H: r->heading_at = r->sink.out.len; break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_LI:
    case MD_BLOCK_HR:
    case MD_BLOCK_P:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR: break;
    }
    pi_sink_gap(&r->sink, PI_GAP_LINE);
    return stop(r);
}

static void end_heading(reader *r)
{
    const pc_buf *b = &r->sink.out;
    if (r->out->title.len > 0 || b->status || r->heading_at >= b->len)
        return;
    pc_str s = {(const char *)b->ptr + r->heading_at, b->len - r->heading_at};
    r->rc = pi_extract_title(r->out, s, r->arena, r->err);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    reader *r = user;
    PC_UNUSED(detail);
    switch (type) {
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: pi_sink_gap(&r->sink, PI_GAP_TAB); return stop(r);
    case MD_BLOCK_HTML: end_html(r); break;
    case MD_BLOCK_CODE: r->in_code = false; break;
    case MD_BLOCK_H: end_heading(r); break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_LI:
    case MD_BLOCK_HR:
    case MD_BLOCK_P:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR: break;
    }
    pi_sink_gap(&r->sink, PI_GAP_LINE);
    return stop(r);
}

static int on_span(MD_SPANTYPE type, void *detail, void *user)
{
    PC_UNUSED(type);
    PC_UNUSED(detail);
    return stop(user);
}

/* HTML among text: only a line break says something. */
static void inline_html(reader *r, pc_str tag)
{
    if (pi_starts_nocase(tag, "<br") && tag.len > 3 && !pi_is_alpha(tag.ptr[3]))
        pi_sink_gap(&r->sink, PI_GAP_LINE);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size,
                   void *user)
{
    reader *r = user;
    pc_str s = {text, size};
    if (r->in_html) {
        pc_buf_put_str(&r->html, s);
        return stop(r);
    }
    switch (type) {
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR: pi_sink_gap(&r->sink, PI_GAP_LINE); break;
    case MD_TEXT_ENTITY:
        r->rc = pi_html_reference(&r->sink, s, r->arena, r->err);
        break;
    case MD_TEXT_HTML: inline_html(r, s); break;
    case MD_TEXT_CODE:
        if (r->in_code) {
            pi_sink_verbatim(&r->sink, s);
            break;
        }
        pi_sink_text(&r->sink, s);
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_NULLCHAR:
    case MD_TEXT_LATEXMATH: pi_sink_text(&r->sink, s); break;
    }
    return stop(r);
}

int pi_markdown_extract(pi_extract *out, pc_str text, pc_arena *arena,
                        parasol_error *err)
{
    const MD_PARSER parser = {.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
                                       MD_FLAG_TASKLISTS,
                              .enter_block = enter_block,
                              .leave_block = leave_block,
                              .enter_span = on_span,
                              .leave_span = on_span,
                              .text = on_text};
    reader r = {.out = out, .arena = arena, .err = err};
    int rc = pi_front_matter(out, &text, arena, err);
    if (rc)
        return rc;
    /* md4c counts in 32 bits, and some of its paths are not linear. */
    if (text.len > PI_MARKDOWN_MAX)
        return pi_plain_extract(out, text, false, arena, err);
    pi_sink_init(&r.sink, arena->mem);
    pc_buf_init(&r.html, arena->mem);
    if (text.len > 0 && md_parse(text.ptr, (MD_SIZE)text.len, &parser, &r))
        rc = r.rc ? r.rc : pc_fail_nomem(err);
    if (!rc)
        rc = pi_extract_text(out, &r.sink.out, arena, err);
    pi_sink_release(&r.sink);
    pc_buf_release(&r.html);
    return rc;
}

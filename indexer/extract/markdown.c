/*
 * Markdown (CommonMark with tables) by md4c: its callbacks feed a sink, its
 * HTML blocks go through the HTML reader. The source's own line ends are
 * kept, so that a word divided at one can be joined later.
 *
 * Tables are told from paragraphs here: the table code of md4c 0.4.8 hands
 * out ranges beyond the text it was given (tests/fuzz/seeds/markdown/
 * table_fault.md; github.com/mity/md4c, pull request 185, is the like), so
 * that it stays switched off.
 */
#include <md4c.h>

#include "common/base/fail.h"
#include "indexer/extract/ascii.h"
#include "indexer/extract/format.h"
#include "indexer/extract/front_matter.h"
#include "indexer/extract/html.h"
#include "indexer/extract/sink.h"

/* The longest constant it has: blanks for the indent of code. */
#define MD4C_INDENT 16u

typedef struct reader {
    pi_sink sink;
    pi_extract *out;
    pc_arena *arena;
    parasol_error *err;
    pc_buf html; /* of the HTML block that is open */
    bool in_html;
    bool in_code;
    size_t heading_at;
    size_t paragraph_at;
    pc_str source; /* all that md4c is given */
    int rc;        /* of what failed inside a callback */
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
    case MD_BLOCK_P: r->paragraph_at = r->sink.out.len; break;
    case MD_BLOCK_HTML: r->in_html = true; break;
    case MD_BLOCK_CODE: r->in_code = true; break;
    case MD_BLOCK_H: r->heading_at = r->sink.out.len; break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_LI:
    case MD_BLOCK_HR:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: break;
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

/* |---|:--:| */
static bool is_table_rule(pc_str line)
{
    bool bar = false;
    bool dash = false;
    for (size_t i = 0; i < line.len; i++) {
        bar |= line.ptr[i] == '|';
        dash |= line.ptr[i] == '-';
        if (!line.ptr[i] || !strchr("|-: \t", line.ptr[i]))
            return false;
    }
    return bar && dash;
}

/* Writes the cells of a row with tabs between them; returns the end. */
static char *put_cells(char *to, pc_str row)
{
    bool first = true;
    row = pi_trim(row);
    if (row.len > 0 && row.ptr[0] == '|')
        row = (pc_str){row.ptr + 1, row.len - 1};
    while (row.len > 0) {
        const char *bar = memchr(row.ptr, '|', row.len);
        size_t n = bar ? (size_t)(bar - row.ptr) : row.len;
        pc_str cell = pi_trim((pc_str){row.ptr, n});
        if (!first)
            *to++ = '\t';
        first = false;
        memmove(to, cell.ptr, cell.len);
        to += cell.len;
        n += bar != NULL;
        row = (pc_str){row.ptr + n, row.len - n};
    }
    return to;
}

/* Turns the table that may be in the paragraph from `start` on, in place,
   into lines of cells; it only gets shorter. */
static void tabulate(pc_buf *out, size_t start)
{
    if (start >= out->len || !memchr(out->ptr + start, '|', out->len - start))
        return;
    char *base = (char *)out->ptr + start;
    pc_str rest = {base, out->len - start};
    pc_str head = {"", 0};
    pc_str line = {"", 0};
    do {
        head = line;
        line = pi_take_line(&rest);
    } while (rest.len > 0 && (head.len == 0 || !is_table_rule(line)));
    if (head.len == 0 || !is_table_rule(line))
        return;
    char *to = put_cells(base + (head.ptr - base), head);
    while (rest.len > 0) {
        line = pi_take_line(&rest);
        *to++ = '\n';
        to = put_cells(to, line);
    }
    out->len = start + (size_t)(to - base);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
    reader *r = user;
    PC_UNUSED(detail);
    switch (type) {
    case MD_BLOCK_P:
        if (!r->sink.out.status)
            tabulate(&r->sink.out, r->paragraph_at);
        break;
    case MD_BLOCK_HTML: end_html(r); break;
    case MD_BLOCK_CODE: r->in_code = false; break;
    case MD_BLOCK_H: end_heading(r); break;
    case MD_BLOCK_DOC:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
    case MD_BLOCK_LI:
    case MD_BLOCK_HR:
    case MD_BLOCK_TABLE:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: break;
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

/* What md4c hands over is part of what it was given, or a short constant of
   its own. A check is cheap, and a fault of its would else be ours. */
static bool is_sound(const reader *r, pc_str s)
{
    uintptr_t at = (uintptr_t)s.ptr;
    uintptr_t start = (uintptr_t)r->source.ptr;
    if (at < start || at > start + r->source.len)
        return s.len <= MD4C_INDENT;
    return s.len <= r->source.len - (at - start);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size,
                   void *user)
{
    reader *r = user;
    pc_str s = {text, size};
    if (!is_sound(r, s))
        return stop(r);
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
    const MD_PARSER parser = {.flags =
                                  MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS,
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
    /* md4c 0.4.8 looks for line ends with strcspn, past the length given. */
    r.source = (pc_str){pc_arena_copy(arena, text.ptr, text.len), text.len};
    if (!r.source.ptr)
        return pc_fail_nomem(err);
    pi_sink_init(&r.sink, arena->mem);
    pc_buf_init(&r.html, arena->mem);
    if (text.len > 0 && md_parse(r.source.ptr, (MD_SIZE)text.len, &parser, &r))
        rc = r.rc ? r.rc : pc_fail_nomem(err);
    if (!rc)
        rc = pi_extract_text(out, &r.sink.out, arena, err);
    pi_sink_release(&r.sink);
    pc_buf_release(&r.html);
    return rc;
}

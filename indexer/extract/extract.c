/*
 * The way of a file: type, encoding, format; and what the formats share.
 */
#include "indexer/extract/extract.h"

#include <stdio.h>

#include "common/base/buf.h"
#include "common/base/fail.h"
#include "common/text/utf8.h"
#include "indexer/extract/ascii.h"
#include "indexer/extract/charset.h"
#include "indexer/extract/dates.h"
#include "indexer/extract/format.h"
#include "indexer/extract/type.h"

#define VALUE_MAX 4096u /* bytes of a field; longer ones are cut */

/* Blocks of code points without letters or digits, in order. What is not
   listed above U+00A9 counts as a letter: better a document too many. */
static const struct {
    uint32_t first;
    uint32_t last;
} wordless[] = {
    {0x0080, 0x00a9}, {0x00ab, 0x00b1},   {0x00b4, 0x00b4},    {0x00b6, 0x00b8},
    {0x00bb, 0x00bb}, {0x00bf, 0x00bf},   {0x00d7, 0x00d7},    {0x00f7, 0x00f7},
    {0x02c2, 0x02c5}, {0x0300, 0x036f},   {0x1680, 0x1680},    {0x2000, 0x206f},
    {0x20a0, 0x20ff}, {0x2190, 0x245f},   {0x2500, 0x2bff},    {0x2e00, 0x2e7f},
    {0x3000, 0x3004}, {0x3008, 0x3020},   {0x3030, 0x3030},    {0xe000, 0xf8ff},
    {0xfe00, 0xfe6f}, {0xfeff, 0xfeff},   {0xff01, 0xff0f},    {0xff1a, 0xff20},
    {0xfff0, 0xffff}, {0x1f000, 0x1faff}, {0xe0000, 0x10ffff},
};

static bool is_word_char(uint32_t c)
{
    if (c < 0x80)
        return pi_is_alpha((char)c) || pi_is_digit((char)c);
    for (size_t i = 0; i < PC_COUNTOF(wordless); i++) {
        if (c <= wordless[i].last)
            return c < wordless[i].first;
    }
    return false;
}

bool pi_has_word(pc_str s)
{
    const char *p = s.ptr;
    const char *end = s.len ? s.ptr + s.len : s.ptr;
    while (p < end) {
        if (is_word_char(pc_utf8_next(&p, end)))
            return true;
    }
    return false;
}

/* On one line, without control characters, cut to `max` bytes. */
static int one_line(pc_str *out, pc_str s, size_t max, pc_arena *arena,
                    parasol_error *err)
{
    s = pi_trim(s);
    if (s.len > 2 * max)
        s = pc_utf8_cut(s, 2 * max);
    char *to = pc_arena_alloc(arena, s.len + 1);
    if (!to)
        return pc_fail_nomem(err);
    size_t n = 0;
    bool blank = false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool nbsp = c == 0xc2 && i + 1 < s.len && s.ptr[i + 1] == '\xa0';
        if (c <= 0x20 || c == 0x7f || nbsp) {
            blank = n > 0;
            i += nbsp;
            continue;
        }
        if (blank)
            to[n++] = ' ';
        blank = false;
        to[n++] = (char)c;
    }
    pc_str cut = pc_utf8_cut((pc_str){to, n}, max);
    to[cut.len] = 0;
    *out = cut;
    return PARASOL_OK;
}

int pi_extract_title(pi_extract *out, pc_str s, pc_arena *arena,
                     parasol_error *err)
{
    if (!pi_has_word(s))
        return PARASOL_OK;
    return one_line(&out->title, s, PI_TITLE_MAX, arena, err);
}

int pi_extract_text(pi_extract *out, const pc_buf *text, pc_arena *arena,
                    parasol_error *err)
{
    if (text->status)
        return pc_fail_nomem(err);
    char *copy = pc_arena_copy(arena, text->ptr, text->len);
    if (!copy)
        return pc_fail_nomem(err);
    out->text = (pc_str){copy, text->len};
    return PARASOL_OK;
}

static int add_meta(pi_extract *out, pc_str name, pc_str value, pc_arena *arena,
                    parasol_error *err)
{
    if (out->meta_count == PI_META_MAX)
        return PARASOL_OK;
    if (out->meta_count == out->meta_cap) {
        size_t cap = out->meta_cap ? out->meta_cap * 2 : 8;
        pi_field *grown = pc_arena_zalloc(arena, cap, sizeof *grown);
        if (!grown)
            return pc_fail_nomem(err);
        if (out->meta_count > 0)
            memcpy(grown, out->meta, out->meta_count * sizeof *grown);
        out->meta = grown;
        out->meta_cap = cap;
    }
    out->meta[out->meta_count++] = (pi_field){name, value};
    return PARASOL_OK;
}

/* One name for what the formats call by several. */
static const char *usual_name(const char *name)
{
    static const char *const alias[][2] = {
        {"sources", "source"},
        {"authors", "author"},
        {"language", "lang"},
        {"dc.title", "title"},
        {"dc.creator", "author"},
        {"dcterms.creator", "author"},
        {"article:author", "author"},
        {"dc.date", "date"},
        {"dcterms.date", "date"},
        {"dcterms.created", "date"},
        {"article:published_time", "date"},
        {"datepublished", "date"},
        {"pubdate", "date"},
        {"dc.language", "lang"},
        {"dc.source", "source"},
        {"dc.description", "description"},
    };
    for (size_t i = 0; i < PC_COUNTOF(alias); i++) {
        if (strcmp(name, alias[i][0]) == 0)
            return alias[i][1];
    }
    return name;
}

int pi_extract_field(pi_extract *out, pc_str name, pc_str value,
                     pc_arena *arena, parasol_error *err)
{
    pc_str clean;
    int rc = one_line(&clean, value, VALUE_MAX, arena, err);
    if (rc || clean.len == 0 || name.len == 0)
        return rc;
    char *lower = pc_arena_copy(arena, name.ptr, name.len);
    if (!lower)
        return pc_fail_nomem(err);
    for (size_t i = 0; i < name.len; i++)
        lower[i] = pi_lower(lower[i]);
    pc_str key = pc_str_of(usual_name(lower));
    if (pc_str_eq(key, PC_STR_LIT("title")) && out->title.len == 0)
        return pi_extract_title(out, clean, arena, err);
    if (pc_str_eq(key, PC_STR_LIT("lang")) && out->lang.len == 0) {
        out->lang = clean;
        return PARASOL_OK;
    }
    if (pc_str_eq(key, PC_STR_LIT("date")) && out->date.len == 0) {
        char iso[PI_DATE_MAX];
        if (pi_date_normal(iso, clean)) {
            out->date.ptr = pc_arena_copy(arena, iso, strlen(iso));
            if (!out->date.ptr)
                return pc_fail_nomem(err);
            out->date.len = strlen(iso);
            return PARASOL_OK;
        }
    }
    return add_meta(out, key, clean, arena, err);
}

static void skip_because(pi_extract *out, int skip, const char *what)
{
    out->skip = skip;
    (void)snprintf(out->detail, sizeof out->detail, "%s", what);
}

static int by_format(pi_extract *out, pi_format format, pc_str text,
                     pc_arena *arena, parasol_error *err)
{
    switch (format) {
    case PI_FORMAT_MARKDOWN: return pi_markdown_extract(out, text, arena, err);
    case PI_FORMAT_HTML: return pi_html_extract(out, text, arena, err);
    case PI_FORMAT_SOURCE: return pi_plain_extract(out, text, true, arena, err);
    case PI_FORMAT_PLAIN:
    case PI_FORMAT_LATER:
    case PI_FORMAT_BINARY: break;
    }
    return pi_plain_extract(out, text, false, arena, err);
}

int pi_extract_bytes(pi_extract *out, pc_str name, pc_str bytes,
                     pc_arena *arena, parasol_error *err)
{
    pc_str none = PC_STR_LIT("");
    *out =
        (pi_extract){.title = none, .date = none, .lang = none, .text = none};
    if (bytes.len == 0) {
        skip_because(out, PARASOL_SKIP_EMPTY, "");
        return PARASOL_OK;
    }
    pi_type type = pi_type_of(name, bytes);
    if (type.format == PI_FORMAT_LATER || type.format == PI_FORMAT_BINARY) {
        skip_because(out,
                     type.format == PI_FORMAT_LATER ? PARASOL_SKIP_TYPE
                                                    : PARASOL_SKIP_BINARY,
                     type.what);
        return PARASOL_OK;
    }
    pc_buf store;
    pc_buf_init(&store, arena->mem);
    pc_str text;
    bool markup = type.format == PI_FORMAT_HTML ||
                  pi_is_nocase(pi_extension(name), "xml");
    int skip;
    int rc = pi_charset_decode(&text, &store, bytes, markup, &skip, err);
    if (rc)
        goto out;
    if (skip) {
        skip_because(out, skip,
                     skip == PARASOL_SKIP_DECODE ? "unknown encoding" : "");
        goto out;
    }
    rc = by_format(out, type.format, text, arena, err);
    if (rc)
        goto out;
    if (!pi_has_word(out->text) && out->title.len == 0)
        skip_because(out, PARASOL_SKIP_NOTEXT, "");
    else if (out->title.len == 0)
        rc =
            one_line(&out->title, pi_base_name(name), PI_TITLE_MAX, arena, err);
out:
    pc_buf_release(&store);
    return rc;
}

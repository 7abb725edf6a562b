/*
 * Plain text: what a page of it may hold besides text, and the block of
 * fields that an article may start with.
 */
#include "indexer/extract/plain.h"

#include "common/base/fail.h"
#include "common/text/utf8.h"
#include "indexer/extract/ascii.h"
#include "indexer/extract/format.h"

#define TITLE_CHARS 120u /* a first line that is longer is no title */
#define TITLE_LINES 20u  /* lines to look for one */
#define KEY_MAX 40u

/* True for bytes that are copied as they are. 0xc2 leads the C1 controls. */
static inline bool is_plain(unsigned char c)
{
    return (c >= 0x20 && c != 0x7f && c != 0xc2) || c == '\n' || c == '\t';
}

static void drop_last(pc_buf *out, size_t floor)
{
    size_t n = out->len;
    if (n == floor || out->ptr[n - 1] == '\n')
        return;
    do
        n--;
    while (n > floor && (out->ptr[n] & 0xc0) == 0x80);
    out->len = n;
}

/* Behind an escape sequence of a terminal (ECMA-48) that starts at p. */
static const char *after_escape(const char *p, const char *end)
{
    p++;
    if (p == end || *p != '[')
        return p;
    p++;
    while (p < end && *p >= 0x20 && *p < 0x40)
        p++;
    return p < end && *p >= 0x40 && *p < 0x7f ? p + 1 : p;
}

void pi_plain_clean(pc_buf *out, pc_str in)
{
    const char *p = in.ptr;
    const char *end = in.len ? in.ptr + in.len : in.ptr;
    size_t floor = out->len;
    if (!pc_buf_reserve(out, in.len))
        return;
    while (p < end) {
        const char *start = p;
        while (p < end && is_plain((unsigned char)*p))
            p++;
        pc_buf_put(out, start, (size_t)(p - start));
        if (p == end)
            break;
        unsigned char c = (unsigned char)*p;
        if (c == '\r') {
            p++;
            if (p == end || *p != '\n')
                pc_buf_put_u8(out, '\n');
        } else if (c == '\f' || c == '\v') {
            p++;
            pc_buf_put_u8(out, '\n');
        } else if (c == '\b') {
            p++;
            drop_last(out, floor);
        } else if (c == 0x1b) {
            p = after_escape(p, end);
        } else if (c == 0xc2 && end - p >= 2) {
            if ((unsigned char)p[1] < 0xa0)
                pc_buf_put_u8(out, ' ');
            else
                pc_buf_put(out, p, 2);
            p += 2;
        } else {
            p++;
            pc_buf_put_u8(out, ' ');
        }
    }
}

/* Splits "Key: value"; false when the line is not of that form. */
static bool split_field(pc_str line, pc_str *key, pc_str *value)
{
    size_t n = 0;
    while (n < line.len && n <= KEY_MAX &&
           (pi_is_alpha(line.ptr[n]) || pi_is_digit(line.ptr[n]) ||
            line.ptr[n] == '-' || line.ptr[n] == '_'))
        n++;
    if (n == 0 || n > KEY_MAX || n == line.len || line.ptr[n] != ':' ||
        !pi_is_alpha(line.ptr[0]))
        return false;
    *key = (pc_str){line.ptr, n};
    *value = pi_trim((pc_str){line.ptr + n + 1, line.len - n - 1});
    return true;
}

/*
 * The block of fields at the start, if its first key is Title. *body is what
 * follows; unchanged when there is no such block. With `out` NULL nothing is
 * stored.
 */
static int take_fields(pi_extract *out, pc_str *body, pc_arena *arena,
                       parasol_error *err)
{
    pc_str rest = *body;
    pc_str key = {"", 0};
    pc_str value = {"", 0};
    bool first = true;
    while (rest.len > 0) {
        pc_str line = pi_take_line(&rest);
        if (pi_trim(line).len == 0)
            break;
        if (!first && pi_is_space(line.ptr[0])) {
            /* Goes on from the line before: one value, white space and all. */
            value.len = (size_t)(line.ptr + line.len - value.ptr);
            continue;
        }
        if (key.len > 0 && out) {
            int rc = pi_extract_field(out, key, value, arena, err);
            if (rc)
                return rc;
        }
        if (!split_field(line, &key, &value))
            return PARASOL_OK; /* ends as text: no block of fields */
        if (first && !pi_is_nocase(key, "title"))
            return PARASOL_OK;
        first = false;
    }
    if (first)
        return PARASOL_OK;
    if (out) {
        int rc = pi_extract_field(out, key, value, arena, err);
        if (rc)
            return rc;
    }
    *body = rest;
    return PARASOL_OK;
}

static size_t count_chars(pc_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    return n;
}

/* A line for machines: an address, or a field of reStructuredText. */
static bool is_directive(pc_str line)
{
    if (line.ptr[0] == ':' || pc_str_starts(line, PC_STR_LIT("..")))
        return true;
    for (size_t i = 0; i + 3 <= line.len; i++) {
        if (memcmp(line.ptr + i, "://", 3) == 0)
            return true;
    }
    return false;
}

static int title_of_lines(pi_extract *out, pc_str text, pc_arena *arena,
                          parasol_error *err)
{
    for (unsigned i = 0; i < TITLE_LINES && text.len > 0; i++) {
        pc_str line = pi_trim(pi_take_line(&text));
        if (!pi_has_word(line) || is_directive(line))
            continue; /* empty, or a rule of signs */
        if (count_chars(line) > TITLE_CHARS)
            return PARASOL_OK;
        return pi_extract_title(out, line, arena, err);
    }
    return PARASOL_OK;
}

int pi_plain_extract(pi_extract *out, pc_str text, bool source, pc_arena *arena,
                     parasol_error *err)
{
    int rc = PARASOL_OK;
    pc_buf clean;
    pc_buf_init(&clean, arena->mem);
    pi_plain_clean(&clean, text);
    if (clean.status) {
        rc = pc_fail_nomem(err);
        goto out;
    }
    pc_str body = pc_buf_str(&clean);
    if (!source) {
        /* First without storing, because only the end tells whether it is a
           block of fields at all. */
        pc_str all = body;
        rc = take_fields(NULL, &body, arena, err);
        if (!rc && body.len < all.len)
            rc = take_fields(out, &all, arena, err);
        if (!rc && out->title.len == 0)
            rc = title_of_lines(out, body, arena, err);
        if (rc)
            goto out;
    }
    size_t skipped = clean.len - body.len;
    if (skipped > 0)
        memmove(clean.ptr, clean.ptr + skipped, body.len);
    clean.len = body.len;
    rc = pi_extract_text(out, &clean, arena, err);
out:
    pc_buf_release(&clean);
    return rc;
}

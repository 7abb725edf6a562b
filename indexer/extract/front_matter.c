/*
 * Front matter, line by line.
 */
#include "indexer/extract/front_matter.h"

#include "common/base/fail.h"
#include "common/text/utf8.h"
#include "indexer/extract/ascii.h"
#include "indexer/extract/format.h"

#define LINES_MAX 2000u
#define KEY_MAX 64u

typedef struct block {
    pi_extract *out;
    pc_arena *arena;
    parasol_error *err;
    pc_str rest; /* lines not read yet */
} block;

static bool is_fence(pc_str line, bool last)
{
    line = pi_trim(line);
    return pc_str_eq(line, PC_STR_LIT("---")) ||
           (last && pc_str_eq(line, PC_STR_LIT("...")));
}

/* The lines between the fences; false when there is no such block. */
static bool find_block(pc_str text, pc_str *inside, pc_str *behind)
{
    pc_str rest = text;
    if (text.len < 4 || text.ptr[0] != '-' ||
        !is_fence(pi_take_line(&rest), false))
        return false;
    const char *start = rest.ptr;
    for (unsigned i = 0; i < LINES_MAX && rest.len > 0; i++) {
        const char *line_start = rest.ptr;
        pc_str line = pi_take_line(&rest);
        if (line.len > 0 && !pi_is_space(line.ptr[0]) && is_fence(line, true)) {
            *inside = (pc_str){start, (size_t)(line_start - start)};
            *behind = rest;
            return true;
        }
    }
    return false;
}

/* A hexadecimal number of n digits at s; 0 when it is none. */
static uint32_t hex(pc_str s, size_t n)
{
    uint32_t v = 0;
    if (s.len < n)
        return 0;
    for (size_t i = 0; i < n; i++) {
        char c = pi_lower(s.ptr[i]);
        if (!pi_is_digit(c) && (c < 'a' || c > 'f'))
            return 0;
        v = v * 16 + (uint32_t)(pi_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return v;
}

/* Writes what a backslash and the text behind it stand for; returns how many
   bytes of `s` (which starts behind the backslash) are used. */
static size_t unescape(char **to, pc_str s)
{
    uint32_t c = 0;
    size_t digits = s.ptr[0] == 'x' ? 2 : s.ptr[0] == 'u' ? 4 : 0;
    if (digits > 0)
        c = hex((pc_str){s.ptr + 1, s.len - 1}, digits);
    if (c > 0) {
        char bytes[PC_UTF8_MAX];
        size_t n = pc_utf8_encode(c, bytes);
        /* "\x.." and "\u...." are longer than what they stand for. */
        memcpy(*to, bytes, n);
        *to += n;
        return 1 + digits;
    }
    char e = s.ptr[0];
    *(*to)++ = e == 'n' || e == 't' || e == 'r' ? ' ' : e;
    return 1;
}

/* How long the quoted scalar at s is written, its quotes included. */
static size_t quoted_len(pc_str s)
{
    char quote = s.ptr[0];
    size_t i = 1;
    while (i < s.len) {
        char c = s.ptr[i++];
        if (c == '\\' && quote == '"' && i < s.len)
            i++;
        else if (c == quote &&
                 (quote == '"' || i == s.len || s.ptr[i] != quote))
            break;
        else if (c == quote)
            i++;
    }
    return i;
}

/* The value of a quoted scalar at s; *used is how long it is written. */
static int take_quoted(block *b, pc_str s, pc_str *value, size_t *used)
{
    char quote = s.ptr[0];
    s.len = quoted_len(s); /* no more is copied, or a list would cost n^2 */
    char *copy = pc_arena_alloc(b->arena, s.len + 1);
    if (!copy)
        return pc_fail_nomem(b->err);
    char *to = copy;
    size_t i = 1;
    while (i < s.len) {
        char c = s.ptr[i++];
        if (c == quote && quote == '\'' && i < s.len && s.ptr[i] == quote)
            i++;
        else if (c == quote)
            break;
        if (c == '\\' && quote == '"' && i < s.len)
            i += unescape(&to, (pc_str){s.ptr + i, s.len - i});
        else
            *to++ = c;
    }
    *value = (pc_str){copy, (size_t)(to - copy)};
    *used = i;
    return PARASOL_OK;
}

/* Without a comment at the end. */
static pc_str uncommented(pc_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '#' && (i == 0 || pi_is_space(s.ptr[i - 1]))) {
            s.len = i;
            break;
        }
    }
    return pi_trim(s);
}

static int file_scalar(block *b, pc_str key, pc_str s)
{
    pc_str value = uncommented(s);
    size_t used;
    if (s.len > 0 && (s.ptr[0] == '"' || s.ptr[0] == '\'')) {
        int rc = take_quoted(b, s, &value, &used);
        if (rc)
            return rc;
    }
    return pi_extract_field(b->out, key, value, b->arena, b->err);
}

/* [a, "b, c"] */
static int file_flow_list(block *b, pc_str key, pc_str s)
{
    size_t i = 1;
    while (i < s.len && s.ptr[i] != ']') {
        if (pi_is_space(s.ptr[i]) || s.ptr[i] == ',') {
            i++;
            continue;
        }
        pc_str rest = {s.ptr + i, s.len - i};
        pc_str value = rest;
        size_t used = 0;
        if (rest.ptr[0] == '"' || rest.ptr[0] == '\'') {
            int rc = take_quoted(b, rest, &value, &used);
            if (rc)
                return rc;
        } else {
            while (used < rest.len && rest.ptr[used] != ',' &&
                   rest.ptr[used] != ']')
                used++;
            value = pi_trim((pc_str){rest.ptr, used});
        }
        int rc = pi_extract_field(b->out, key, value, b->arena, b->err);
        if (rc)
            return rc;
        i += used;
    }
    return PARASOL_OK;
}

/* The next line, if it belongs to the key above: indented, empty, or (where
   `dash` says so) an item of a list. */
static bool take_inner_line(block *b, bool dash, pc_str *line)
{
    pc_str rest = b->rest;
    if (rest.len == 0)
        return false;
    pc_str got = pi_take_line(&rest);
    bool item = got.len > 0 && got.ptr[0] == '-' &&
                (got.len == 1 || pi_is_space(got.ptr[1]));
    if (pi_trim(got).len > 0 && !pi_is_space(got.ptr[0]) && !(dash && item))
        return false;
    b->rest = rest;
    *line = pi_trim(got);
    return true;
}

/* Lines of a list, or of something that is passed over. */
static int file_items(block *b, pc_str key)
{
    pc_str line;
    while (take_inner_line(b, true, &line)) {
        if (line.len < 2 || line.ptr[0] != '-' || !pi_is_space(line.ptr[1]))
            continue;
        int rc =
            file_scalar(b, key, pi_trim((pc_str){line.ptr + 1, line.len - 1}));
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* Text over several lines, `first` being the start of it. */
static int file_folded(block *b, pc_str key, pc_str first)
{
    pc_str line;
    pc_buf text;
    pc_buf_init(&text, b->arena->mem);
    pc_buf_put_str(&text, first);
    while (take_inner_line(b, false, &line)) {
        pc_buf_put_u8(&text, ' ');
        pc_buf_put_str(&text, line);
    }
    int rc = text.status ? pc_fail_nomem(b->err)
                         : file_scalar(b, key, pi_trim(pc_buf_str(&text)));
    pc_buf_release(&text);
    return rc;
}

static int file_line(block *b, pc_str line)
{
    size_t n = 0;
    while (n < line.len && line.ptr[n] != ':' &&
           (unsigned char)line.ptr[n] >= ' ' && line.ptr[n] != 0x7f)
        n++;
    bool is_field = n > 0 && n <= KEY_MAX && n < line.len &&
                    line.ptr[n] == ':' &&
                    (n + 1 == line.len || pi_is_space(line.ptr[n + 1]));
    pc_str key = pi_trim((pc_str){line.ptr, is_field ? n : 0});
    if (!is_field || pi_is_space(line.ptr[0]) || line.ptr[0] == '#' ||
        !pi_is_alpha(key.ptr[0]))
        return PARASOL_OK;
    pc_str value = pi_trim((pc_str){line.ptr + n + 1, line.len - n - 1});
    if (uncommented(value).len == 0)
        return file_items(b, key);
    char c = value.ptr[0];
    if (c == '[')
        return file_flow_list(b, key, value);
    if (c == '|' || c == '>')
        return file_folded(b, key, (pc_str){"", 0});
    if (c == '{' || c == '&' || c == '*')
        return PARASOL_OK;
    return file_folded(b, key, value);
}

int pi_front_matter(pi_extract *out, pc_str *text, pc_arena *arena,
                    parasol_error *err)
{
    pc_str inside;
    pc_str behind;
    if (!find_block(*text, &inside, &behind))
        return PARASOL_OK;
    block b = {out, arena, err, inside};
    while (b.rest.len > 0) {
        pc_str line = pi_take_line(&b.rest);
        int rc = file_line(&b, line);
        if (rc)
            return rc;
    }
    *text = behind;
    return PARASOL_OK;
}

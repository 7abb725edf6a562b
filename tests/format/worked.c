/*
 * Reading and checking worked bytes.
 */
#include "tests/format/worked.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "common/base/crc.h"
#include "common/base/ints.h"
#include "common/codec/bitpack.h"
#include "common/codec/varint.h"

#define FENCE "```worked "

static FILE *open_document(const char *document)
{
    char path[1024];
    int n = snprintf(path, sizeof path, "%s/%s", PARASOL_DOCS_DIR, document);
    assert_true(n > 0 && (size_t)n < sizeof path);
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s cannot be read", path);
    return f;
}

/* The name behind a fence that opens a block. */
static bool opens(const char *line, char name[32])
{
    size_t n = strlen(FENCE);
    return strncmp(line, FENCE, n) == 0 && sscanf(line + n, "%31s", name) == 1;
}

bool worked_name(const char *document, size_t i, char name[32])
{
    char line[512];
    size_t seen = 0;
    bool found = false;
    FILE *f = open_document(document);
    while (!found && fgets(line, sizeof line, f))
        found = opens(line, name) && seen++ == i;
    fclose(f);
    return found;
}

/* ---- reading ------------------------------------------------------------ */

static void take_bytes(worked *w, char *text)
{
    char *save = NULL;
    for (char *t = strtok_r(text, " \n", &save); t;
         t = strtok_r(NULL, " \n", &save)) {
        unsigned byte = 0, n = 1;
        if (sscanf(t, "%2x*%u", &byte, &n) < 1 || byte > 255 ||
            (strlen(t) != 2 && t[2] != '*'))
            fail_msg("%s: '%s' is not a byte", w->name, t);
        assert_true(w->len + n <= WORKED_BYTES);
        memset(w->bytes + w->len, (int)byte, n);
        w->len += n;
    }
}

static void take_meaning(worked *w, const char *text, size_t from)
{
    worked_line *l = &w->lines[w->n];
    assert_true(w->n < WORKED_LINES);
    memset(l, 0, sizeof *l);
    if (sscanf(text, "%31s %15s = %255[^\n]", l->name, l->type, l->value) < 2)
        fail_msg("%s: '%s' is not NAME TYPE = VALUE", w->name, text);
    l->off = from;
    l->len = w->len - from;
    w->n++;
}

static void take_block(worked *w, FILE *f)
{
    char line[512];
    size_t from = 0;
    while (fgets(line, sizeof line, f) && strncmp(line, "```", 3) != 0) {
        if (line[0] == '#')
            continue;
        char *bar = strchr(line, '|');
        if (!bar)
            fail_msg("%s: a line without |: %s", w->name, line);
        *bar = 0;
        take_bytes(w, line);
        if (bar[1] == '\n')
            continue;
        take_meaning(w, bar + 1, from);
        from = w->len;
    }
    assert_int_equal(from, w->len);
}

void worked_open(worked *w, const char *document, const char *name)
{
    char line[512], here[32];
    FILE *f = open_document(document);
    memset(w, 0, sizeof *w);
    (void)snprintf(w->name, sizeof w->name, "%s", name);
    while (fgets(line, sizeof line, f)) {
        if (!opens(line, here) || strcmp(here, name) != 0)
            continue;
        take_block(w, f);
        break;
    }
    fclose(f);
    if (w->n == 0)
        fail_msg("%s has no worked block %s", document, name);
}

/* ---- values ------------------------------------------------------------- */

const worked_line *worked_get(const worked *w, const char *name, size_t nth)
{
    for (size_t i = 0; i < w->n; i++) {
        if (strcmp(w->lines[i].name, name) == 0 && nth-- == 0)
            return &w->lines[i];
    }
    fail_msg("%s: no line %s", w->name, name);
    return NULL;
}

size_t worked_count(const worked *w, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        n += strcmp(w->lines[i].name, name) == 0;
    return n;
}

uint64_t worked_number(const worked *w, const char *name, size_t nth)
{
    return strtoull(worked_get(w, name, nth)->value, NULL, 0);
}

double worked_real(const worked *w, const char *name, size_t nth)
{
    return strtod(worked_get(w, name, nth)->value, NULL);
}

static size_t list_steps(const char *value, uint32_t out[WORKED_LIST])
{
    uint32_t from, step, n;
    assert_int_equal(
        sscanf(value, "%" SCNu32 " %" SCNu32 " %" SCNu32, &from, &step, &n), 3);
    assert_true(n <= WORKED_LIST);
    for (uint32_t i = 0; i < n; i++)
        out[i] = from + i * step;
    return n;
}

size_t worked_list(const worked_line *l, uint32_t out[WORKED_LIST])
{
    size_t n = 0;
    const char *p = l->value;
    if (strcmp(l->type, "steps") == 0)
        return list_steps(p, out);
    while (*p) {
        char *end;
        uint32_t v = (uint32_t)strtoul(p, &end, 0), times = 1;
        assert_ptr_not_equal(p, end);
        if (*end == '*')
            times = (uint32_t)strtoul(end + 1, &end, 10);
        assert_true(n + times <= WORKED_LIST);
        for (uint32_t i = 0; i < times; i++)
            out[n++] = v;
        for (p = end; *p == ' ';)
            p++;
    }
    return n;
}

/* ---- checking ----------------------------------------------------------- */

static uint64_t load(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static bool is_fixed(const worked_line *l, const uint8_t *p)
{
    size_t bytes = strtoul(l->type + 1, NULL, 10) / 8;
    return l->len == bytes && load(p, bytes) == strtoull(l->value, NULL, 0);
}

static bool are_varints(const worked_line *l, const uint8_t *p)
{
    uint32_t want[WORKED_LIST];
    const uint8_t *end = p + l->len;
    size_t n = worked_list(l, want);
    for (size_t i = 0; i < n; i++) {
        uint64_t v = 0;
        uint8_t again[PC_VARINT_MAX];
        const uint8_t *next = pc_varint_get64(p, end, &v);
        if (!next || v != want[i] ||
            pc_varint_put(again, v) != (size_t)(next - p) ||
            memcmp(again, p, (size_t)(next - p)) != 0)
            return false;
        p = next;
    }
    return p == end;
}

/* No varint of 64 bits. */
static bool is_refused(const worked_line *l, const uint8_t *p)
{
    uint64_t v;
    return l->len > 0 && !pc_varint_get64(p, p + l->len, &v);
}

static bool is_text(const worked_line *l, const uint8_t *p)
{
    char text[sizeof l->value];
    size_t n = 0;
    for (const char *v = l->value; *v; v++) {
        bool newline = v[0] == '\\' && v[1] == 'n';
        text[n++] = newline ? '\n' : *v;
        v += newline;
    }
    return l->len == n && memcmp(text, p, n) == 0;
}

static bool is_zero(const worked_line *l, const uint8_t *p)
{
    for (size_t i = 0; i < l->len; i++) {
        if (p[i])
            return false;
    }
    return l->len == strtoul(l->value, NULL, 10);
}

static bool are_bits(const worked_line *l, const uint8_t *p)
{
    uint32_t want[WORKED_LIST];
    uint8_t again[4 * WORKED_LIST + 64] = {0};
    unsigned width = (unsigned)strtoul(l->type + 4, NULL, 10);
    uint32_t n = (uint32_t)worked_list(l, want);
    if (width > 32 || l->len != pc_bitpack_bytes(n, width))
        return false;
    pc_bitpack_put(again, want, n, width);
    if (memcmp(again, p, l->len) != 0)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        if (pc_bitpack_at(again, i, width) != want[i])
            return false;
    }
    return true;
}

static bool is_zlib(const worked_line *l, const uint8_t *p)
{
    uint8_t raw[WORKED_BYTES];
    uLongf n = sizeof raw;
    return uncompress(raw, &n, p, (uLong)l->len) == Z_OK &&
           n == strtoul(l->value, NULL, 10);
}

/* "crc = FROM TO": of these bytes of the block. */
static bool is_crc(const worked *w, const worked_line *l, const uint8_t *p)
{
    size_t from, to;
    return sscanf(l->value, "%zu %zu", &from, &to) == 2 && from <= to &&
           to <= w->len && l->len == 4 &&
           pc_load32le(p) == pc_crc32c(0, w->bytes + from, to - from);
}

/* Of a line whose type has no rule of its own. */
static bool is_statement(const worked_line *l)
{
    static const char *const types[] = {"list", "steps", "number"};
    for (size_t i = 0; i < PC_COUNTOF(types); i++) {
        if (strcmp(l->type, types[i]) == 0)
            return l->len == 0;
    }
    return strcmp(l->type, "bytes") == 0;
}

static bool is_true(const worked *w, const worked_line *l)
{
    const uint8_t *p = w->bytes + l->off;
    if (l->type[0] == 'u')
        return is_fixed(l, p);
    if (strcmp(l->type, "refused") == 0)
        return is_refused(l, p);
    if (strncmp(l->type, "varint", 6) == 0)
        return are_varints(l, p);
    if (strncmp(l->type, "bits", 4) == 0)
        return are_bits(l, p);
    if (strcmp(l->type, "text") == 0)
        return l->len == 0 || is_text(l, p);
    if (strcmp(l->type, "zero") == 0)
        return is_zero(l, p);
    if (strcmp(l->type, "zlib") == 0)
        return is_zlib(l, p);
    if (strcmp(l->type, "crc") == 0)
        return is_crc(w, l, p);
    return is_statement(l);
}

size_t worked_check(const worked *w)
{
    size_t checked = 0;
    for (size_t i = 0; i < w->n; i++) {
        const worked_line *l = &w->lines[i];
        if (!is_true(w, l))
            fail_msg("%s: the bytes at %zu are not %s %s = %s", w->name, l->off,
                     l->name, l->type, l->value);
        checked += l->len > 0 && strcmp(l->type, "bytes") != 0;
    }
    return checked;
}

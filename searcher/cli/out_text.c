/*
 * Results for people.
 */
#include "searcher/cli/out_text.h"

#include <inttypes.h>
#include <string.h>

#include "common/tool/say.h"

#define BOLD "\x1B[1m"
#define MATCH "\x1B[1;31m"
#define DIM "\x1B[2m"
#define NORMAL "\x1B[0m"

/* Columns of the query shown with a caret, and before it. */
#define CARET_WINDOW 76u
#define CARET_BEFORE 40u

static void put_str(FILE *out, parasol_str s)
{
    (void)pc_say_text(out, s.ptr, s.len);
}

static void put_styled(FILE *out, const char *style, const char *s, size_t n,
                       bool color)
{
    if (color)
        (void)fputs(style, out);
    (void)pc_say_text(out, s, n);
    if (color)
        (void)fputs(NORMAL, out);
}

static void put_snippet(FILE *out, const parasol_snippet *s, bool color)
{
    size_t at = 0;
    if (s->text.len == 0)
        return;
    (void)fputs("   ", out);
    if (s->starts_inside)
        (void)fputs("\xE2\x80\xA6 ", out);
    for (size_t i = 0; i < s->span_count; i++) {
        parasol_span span = s->spans[i];
        if (span.start < at || span.end < span.start || span.end > s->text.len)
            continue;
        (void)pc_say_text(out, s->text.ptr + at, span.start - at);
        put_styled(out, MATCH, s->text.ptr + span.start, span.end - span.start,
                   color);
        at = span.end;
    }
    (void)pc_say_text(out, s->text.ptr + at, s->text.len - at);
    (void)fputs(s->ends_inside ? " \xE2\x80\xA6\n" : "\n", out);
}

void ps_text_hit(FILE *out, uint64_t rank, const parasol_hit *hit,
                 const parasol_snippet *snippet, bool color)
{
    parasol_str title = hit->title.len ? hit->title : hit->path;
    (void)fprintf(out, "%" PRIu64 "  ", rank);
    put_styled(out, BOLD, title.ptr, title.len, color);
    (void)fputs("\n   ", out);
    if (color)
        (void)fputs(DIM, out);
    put_str(out, hit->path);
    if (hit->date.len) {
        (void)fputs("  ", out);
        put_str(out, hit->date);
    }
    (void)fprintf(out, "  %.2f%s\n", hit->score, color ? NORMAL : "");
    put_snippet(out, snippet, color);
}

void ps_text_path(FILE *out, const parasol_hit *hit, bool safe)
{
    if (safe)
        put_str(out, hit->path);
    else
        (void)fwrite(hit->path.ptr, 1, hit->path.len, out);
    (void)fputc('\n', out);
}

static size_t columns_of(const char *s, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        i += pc_say_decode(s + i, n - i, &cp);
        columns += cp < 0x20 ? 1 : pc_say_columns(cp);
    }
    return columns;
}

/* Bytes from `from` on that fit into `columns`. */
static size_t fitting(const char *s, size_t from, size_t n, size_t columns)
{
    size_t at = from;
    size_t used = 0;
    while (at < n) {
        uint32_t cp;
        size_t len = pc_say_decode(s + at, n - at, &cp);
        used += cp < 0x20 ? 1 : pc_say_columns(cp);
        if (used > columns)
            break;
        at += len;
    }
    return at;
}

void ps_text_caret(FILE *out, const char *label, const char *message,
                   const char *query, size_t len, size_t start, size_t end)
{
    size_t from = 0;
    start = start > len ? len : start;
    end = end > len ? len : end < start ? start : end;
    /* Of a long query, the part around the caret. */
    size_t before = columns_of(query, start);
    while (before > CARET_BEFORE) {
        uint32_t cp;
        from += pc_say_decode(query + from, len - from, &cp);
        before -= cp < 0x20 ? 1 : pc_say_columns(cp);
    }
    size_t to = fitting(query, from, len, CARET_WINDOW);
    (void)fprintf(out, "%s: ", label);
    (void)pc_say_text(out, message, strlen(message));
    (void)fputs("\n  ", out);
    (void)pc_say_text(out, query + from, to - from);
    (void)fputs("\n  ", out);
    for (size_t i = before; i > 0; i--)
        (void)fputc(' ', out);
    (void)fputc('^', out);
    end = end > to ? to : end;
    size_t width = end > start ? columns_of(query + start, end - start) : 0;
    for (size_t i = 1; i < width; i++)
        (void)fputc('~', out);
    (void)fputc('\n', out);
}

void ps_text_summary(FILE *out, const parasol_result *r, double ms,
                     uint64_t not_searchable)
{
    uint64_t total = parasol_result_total(r);
    bool exact = parasol_result_total_exact(r) != 0;
    if (total == 0)
        (void)fputs("no results", out);
    else
        (void)fprintf(out, "%s%" PRIu64 " result%s%s", exact ? "" : "over ",
                      total, total == 1 ? "" : "s", exact ? " (exact)" : "");
    uint64_t all = parasol_result_total_all(r);
    if (total > 0 && all != UINT64_MAX)
        (void)fprintf(out, ", %" PRIu64 " with every word", all);
    (void)fprintf(out, " in %.1f ms", ms);
    if (not_searchable)
        (void)fprintf(out,
                      " \xC2\xB7 %" PRIu64 " file%s of this index %s not "
                      "searchable",
                      not_searchable, not_searchable == 1 ? "" : "s",
                      not_searchable == 1 ? "is" : "are");
    (void)fputc('\n', out);
}

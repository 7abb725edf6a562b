/*
 * Results for programs.
 */
#include "searcher/cli/out_json.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "common/tool/say.h"

static void put_field(FILE *out, const char *name, parasol_str value)
{
    (void)fprintf(out, ",\"%s\":", name);
    pc_say_json(out, value.ptr, value.len);
}

static bool same(parasol_str a, parasol_str b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The values with the name of entry `n`, unless an earlier entry had it. */
static int put_values(FILE *out, parasol_result *r, size_t i, size_t n,
                      bool *first, parasol_error *err)
{
    parasol_str name;
    parasol_str value;
    parasol_str other;
    int rc = parasol_result_meta(r, i, n, &name, &value, err);
    if (rc)
        return rc;
    for (size_t k = 0; k < n; k++) {
        rc = parasol_result_meta(r, i, k, &other, &value, err);
        if (rc || same(other, name))
            return rc;
    }
    if (!*first)
        (void)fputc(',', out);
    *first = false;
    pc_say_json(out, name.ptr, name.len);
    (void)fputs(":[", out);
    bool some = false;
    for (size_t k = n;; k++) {
        rc = parasol_result_meta(r, i, k, &other, &value, err);
        if (rc)
            break;
        if (!same(other, name))
            continue;
        if (some)
            (void)fputc(',', out);
        some = true;
        pc_say_json(out, value.ptr, value.len);
    }
    (void)fputc(']', out);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

static int put_meta(FILE *out, parasol_result *r, size_t i, parasol_error *err)
{
    bool first = true;
    int rc = PARASOL_OK;
    (void)fputs(",\"meta\":{", out);
    for (size_t n = 0; rc == PARASOL_OK; n++)
        rc = put_values(out, r, i, n, &first, err);
    (void)fputc('}', out);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

static void put_snippet(FILE *out, const parasol_snippet *s)
{
    (void)fputs(",\"snippet\":{\"text\":", out);
    pc_say_json(out, s->text.ptr, s->text.len);
    (void)fputs(",\"spans\":[", out);
    for (size_t i = 0; i < s->span_count; i++)
        (void)fprintf(out, "%s[%zu,%zu]", i ? "," : "", s->spans[i].start,
                      s->spans[i].end);
    (void)fprintf(out, "],\"before\":%s,\"after\":%s}",
                  s->starts_inside ? "true" : "false",
                  s->ends_inside ? "true" : "false");
}

int ps_json_hit(FILE *out, parasol_result *r, size_t i, uint64_t rank,
                const parasol_hit *hit, const parasol_snippet *snippet,
                parasol_error *err)
{
    (void)fprintf(
        out, "{\"v\":1,\"type\":\"hit\",\"rank\":%" PRIu64 ",\"score\":%.9g",
        rank, hit->score);
    put_field(out, "path", hit->path);
    put_field(out, "title", hit->title);
    put_field(out, "date", hit->date);
    put_field(out, "lang", hit->language);
    int rc = put_meta(out, r, i, err);
    put_snippet(out, snippet);
    (void)fputs("}\n", out);
    return rc;
}

static void put_warning(FILE *out, parasol_warning w, bool first)
{
    (void)fprintf(out,
                  "%s{\"start\":%zu,\"end\":%zu,\"message\":", first ? "" : ",",
                  w.start, w.end);
    pc_say_json(out, w.message, strlen(w.message));
    (void)fputc('}', out);
}

static void put_warnings(FILE *out, const ps_json_summary_in *in)
{
    (void)fputs(",\"warnings\":[", out);
    for (size_t i = 0; i < parasol_query_warning_count(in->query); i++)
        put_warning(out, parasol_query_warning(in->query, i), i == 0);
    (void)fputs("],\"notes\":[", out);
    for (size_t i = 0; i < parasol_result_note_count(in->result); i++)
        put_warning(out, parasol_result_note(in->result, i), i == 0);
    (void)fputc(']', out);
}

static void put_understood(FILE *out, parasol_result *r)
{
    parasol_str text;
    if (parasol_result_understood(r, &text, NULL) == PARASOL_OK)
        put_field(out, "understood", text);
}

void ps_json_summary(FILE *out, const ps_json_summary_in *in)
{
    (void)fputs("{\"v\":1,\"type\":\"summary\"", out);
    put_field(out, "query", parasol_query_text(in->query));
    (void)fprintf(out,
                  ",\"total\":%" PRIu64 ",\"exact\":%s,\"from\":%" PRIu64
                  ",\"returned\":%zu",
                  parasol_result_total(in->result),
                  parasol_result_total_exact(in->result) ? "true" : "false",
                  in->from, parasol_result_count(in->result));
    put_field(out, "index", (parasol_str){in->index, strlen(in->index)});
    (void)fprintf(out,
                  ",\"commit\":%" PRIu64 ",\"documents\":%" PRIu64
                  ",\"not_searchable\":%" PRIu64 ",\"elapsed_us\":%" PRIu64,
                  in->info->commit, in->info->documents,
                  in->info->not_searchable, in->elapsed_us);
    if (parasol_result_total_all(in->result) != UINT64_MAX)
        (void)fprintf(out, ",\"total_all\":%" PRIu64,
                      parasol_result_total_all(in->result));
    put_warnings(out, in);
    if (in->show_query)
        put_understood(out, in->result);
    (void)fputs(",\"suggestion\":", out);
    if (in->suggestion.len)
        pc_say_json(out, in->suggestion.ptr, in->suggestion.len);
    else
        (void)fputs("null", out);
    (void)fputs("}\n", out);
}

/*
 * A parasol_stat as tables, or as one JSON object.
 */
#include "indexer/cli/stat_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/tool/say.h"
#include "indexer/cli/verb.h"

static double per(double part, uint64_t whole)
{
    return whole ? part / (double)whole : 0;
}

/* What a list of its own takes for each of its postings, or positions. */
static double bits(uint64_t bytes, uint64_t all, uint64_t inlined)
{
    return per(8.0 * (double)bytes, all - inlined);
}

/* ---- tables ------------------------------------------------------------- */

static void say_head(const parasol_stat_info *in)
{
    char size[32];
    uint64_t docs = in->documents + in->dead;
    printf("commit %" PRIu64 "  %" PRIu64 " document%s", in->commit,
           in->documents, in->documents == 1 ? "" : "s");
    if (in->dead > 0)
        printf(" and %" PRIu64 " dead (%.1f %%)", in->dead,
               per(100.0 * (double)in->dead, docs));
    printf("  %" PRIu64 " segment%s  %s in %" PRIu64 " files\n", in->segments,
           in->segments == 1 ? "" : "s", pc_say_size(size, in->bytes),
           in->files);
    printf("%.1f bytes a document, of %.1f words with the title; %.1f words a "
           "title\n",
           per((double)in->bytes, docs), per((double)in->tokens, docs),
           per((double)in->title_tokens, docs));
    printf("analysed by ");
    (void)pc_say_text(stdout, in->analysis, strlen(in->analysis));
    putchar('\n');
}

static void say_bytes(const char *name, uint64_t bytes, uint64_t all)
{
    char size[32];
    printf("%-14s %12s  %5.1f %%\n", name, pc_say_size(size, bytes),
           per(100.0 * (double)bytes, all));
}

static void say_sections(const parasol_stat *s, const parasol_stat_info *in)
{
    parasol_stat_section section = {.struct_size = sizeof section};
    printf("\nsection               size    share\n");
    for (size_t i = 0; !parasol_stat_get_section(s, i, &section); i++) {
        if (section.bytes > 0)
            say_bytes(section.name, section.bytes, in->bytes);
    }
    say_bytes("page sums", in->checksums, in->bytes);
    say_bytes("frames", in->frames, in->bytes);
}

static void say_name(const parasol_stat_field *f)
{
    char name[64];
    (void)snprintf(name, sizeof name, "%.20s %.20s", f->name, f->language);
    printf("%-14s", name);
}

static void say_fields(const parasol_stat *s)
{
    parasol_stat_field f = {.struct_size = sizeof f};
    printf("\n%-14s %10s %10s %12s %6s %12s %6s  %s\n", "field", "stems",
           "forms", "postings", "bits", "positions", "bits",
           "in the dictionary");
    for (size_t i = 0; !parasol_stat_get_field(s, i, &f); i++) {
        say_name(&f);
        printf(" %10" PRIu64 " %10" PRIu64 " %12" PRIu64 " %6.2f %12" PRIu64
               " %6.2f  %.1f %% and %.1f %%\n",
               f.stems, f.forms, f.postings,
               bits(f.posting_bytes, f.postings, f.inline_postings),
               f.positions,
               bits(f.position_bytes, f.positions, f.inline_positions),
               per(100.0 * (double)f.inline_postings, f.postings),
               per(100.0 * (double)f.inline_positions, f.positions));
    }
}

/* One of two columns; the right one is not filled up. */
static void say_word(const parasol_stat_word *w, uint64_t n, bool left)
{
    printf("%12" PRIu64 "  ", n);
    size_t columns = pc_say_text(stdout, w->stem, strlen(w->stem));
    if (left)
        printf("%*s", columns < 24 ? (int)(24 - columns) : 1, "");
}

static void say_words(const parasol_stat *s, size_t field)
{
    parasol_stat_word df = {.struct_size = sizeof df};
    parasol_stat_word ctf = {.struct_size = sizeof ctf};
    /* Both have as many: each is the greatest of the same words. */
    for (size_t i = 0;
         !parasol_stat_get_word(s, field, PARASOL_STAT_BY_DF, i, &df) &&
         !parasol_stat_get_word(s, field, PARASOL_STAT_BY_CTF, i, &ctf);
         i++) {
        say_word(&df, df.df, true);
        say_word(&ctf, ctf.ctf, false);
        putchar('\n');
    }
}

static void say_all_words(const parasol_stat *s)
{
    parasol_stat_field f = {.struct_size = sizeof f};
    parasol_stat_word w = {.struct_size = sizeof w};
    for (size_t i = 0; !parasol_stat_get_field(s, i, &f); i++) {
        if (parasol_stat_get_word(s, i, PARASOL_STAT_BY_DF, 0, &w))
            continue;
        putchar('\n');
        say_name(&f);
        printf("%-24s%s\n", "in most documents", "most occurrences");
        say_words(s, i);
    }
}

static void say_documents(const parasol_stat *s)
{
    parasol_stat_document d = {.struct_size = sizeof d};
    char size[32];
    for (size_t i = 0; !parasol_stat_get_document(s, i, &d); i++) {
        if (i == 0)
            printf("\nlargest documents, by their text\n");
        printf("%12s  %8" PRIu64 " words  ", pc_say_size(size, d.bytes),
               d.tokens);
        (void)pc_say_text(stdout, d.path, strlen(d.path));
        putchar('\n');
    }
}

void pi_stat_text(const parasol_stat *s)
{
    parasol_stat_info in = {.struct_size = sizeof in};
    parasol_stat_describe(s, &in);
    say_head(&in);
    say_sections(s, &in);
    say_fields(s);
    say_all_words(s);
    say_documents(s);
}

/* ---- JSON --------------------------------------------------------------- */

static void json_words(const parasol_stat *s, size_t field, int order,
                       const char *name)
{
    parasol_stat_word w = {.struct_size = sizeof w};
    printf(",\"%s\":[", name);
    for (size_t i = 0; !parasol_stat_get_word(s, field, order, i, &w); i++) {
        pi_json_text(i ? ",{" : "{", "stem", w.stem);
        pi_json_number(",", "df", w.df);
        pi_json_number(",", "ctf", w.ctf);
        putchar('}');
    }
    putchar(']');
}

static void json_fields(const parasol_stat *s)
{
    parasol_stat_field f = {.struct_size = sizeof f};
    printf(",\"fields\":[");
    for (size_t i = 0; !parasol_stat_get_field(s, i, &f); i++) {
        pi_json_text(i ? ",{" : "{", "name", f.name);
        pi_json_text(",", "language", f.language);
        pi_json_number(",", "stems", f.stems);
        pi_json_number(",", "forms", f.forms);
        pi_json_number(",", "entries", f.entries);
        pi_json_number(",", "postings", f.postings);
        pi_json_number(",", "positions", f.positions);
        pi_json_number(",", "inline_postings", f.inline_postings);
        pi_json_number(",", "inline_positions", f.inline_positions);
        pi_json_number(",", "posting_bytes", f.posting_bytes);
        pi_json_number(",", "position_bytes", f.position_bytes);
        json_words(s, i, PARASOL_STAT_BY_DF, "by_df");
        json_words(s, i, PARASOL_STAT_BY_CTF, "by_ctf");
        putchar('}');
    }
    putchar(']');
}

static void json_rest(const parasol_stat *s)
{
    parasol_stat_section section = {.struct_size = sizeof section};
    parasol_stat_document d = {.struct_size = sizeof d};
    printf(",\"sections\":[");
    for (size_t i = 0; !parasol_stat_get_section(s, i, &section); i++) {
        pi_json_text(i ? ",{" : "{", "name", section.name);
        pi_json_number(",", "bytes", section.bytes);
        putchar('}');
    }
    putchar(']');
    json_fields(s);
    printf(",\"largest\":[");
    for (size_t i = 0; !parasol_stat_get_document(s, i, &d); i++) {
        pi_json_text(i ? ",{" : "{", "path", d.path);
        pi_json_number(",", "bytes", d.bytes);
        pi_json_number(",", "tokens", d.tokens);
        putchar('}');
    }
    puts("]}");
}

void pi_stat_json(const parasol_stat *s, const char *index)
{
    parasol_stat_info in = {.struct_size = sizeof in};
    parasol_stat_describe(s, &in);
    pi_json_text("{", "path", index);
    pi_json_number(",", "commit", in.commit);
    pi_json_number(",", "documents", in.documents);
    pi_json_number(",", "dead", in.dead);
    pi_json_number(",", "tokens", in.tokens);
    pi_json_number(",", "title_tokens", in.title_tokens);
    pi_json_number(",", "segments", in.segments);
    pi_json_number(",", "files", in.files);
    pi_json_number(",", "bytes", in.bytes);
    pi_json_number(",", "checksums", in.checksums);
    pi_json_number(",", "frames", in.frames);
    pi_json_text(",", "analysis", in.analysis);
    json_rest(s);
}

/*
 * Sentences of parasol-index. Names of files are foreign text and go through
 * pc_say_text.
 */
#include "indexer/cli/index_report.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/tool/say.h"

#define LIVE_EVERY 0.1 /* seconds */

static double now(void)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 1234567 as "1.2 MiB". */
static const char *size_text(char out[32], uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) {
        (void)snprintf(out, 32, "%" PRIu64 " bytes", bytes);
        return out;
    }
    double v = (double)bytes / 1024;
    size_t u = 0;
    while (v >= 1023.95 && u + 1 < PC_COUNTOF(units)) {
        v /= 1024;
        u++;
    }
    (void)snprintf(out, 32, "%.1f %s", v, units[u]);
    return out;
}

void pi_index_report_init(pi_index_report *r, bool quiet, bool verbose)
{
    *r = (pi_index_report){.summary = PARASOL_TREE_SUMMARY_INIT,
                           .quiet = quiet,
                           .verbose = verbose && !quiet};
    r->live = !quiet && isatty(STDERR_FILENO) == 1;
    r->start = now();
}

void pi_index_report_clear(pi_index_report *r)
{
    if (r->line_shown)
        fputs("\r\033[K", stderr);
    r->line_shown = false;
}

/* A document that a reader would miss, rather than something that was never
   text. */
static bool is_loss(int skip)
{
    return skip == PARASOL_SKIP_DECODE || skip == PARASOL_SKIP_UNREADABLE ||
           skip == PARASOL_SKIP_VANISHED || skip == PARASOL_SKIP_TOOLARGE ||
           skip == PARASOL_SKIP_NAME;
}

bool pi_index_report_is_complete(const pi_index_report *r)
{
    for (int i = 0; i < PARASOL_SKIP_COUNT; i++) {
        if (is_loss(i) && r->summary.skipped[i] > 0)
            return false;
    }
    return true;
}

static void say_skip(const char *path, int skip, const char *detail)
{
    fputs("  ", stderr);
    (void)pc_say_text(stderr, path, strlen(path));
    fprintf(stderr, " %s", parasol_skip_str(skip));
    if (detail[0]) {
        fputs(" (", stderr);
        (void)pc_say_text(stderr, detail, strlen(detail));
        fputc(')', stderr);
    }
    fputc('\n', stderr);
}

/* Keeps the first losses, to be named at the end. */
static void keep_example(pi_index_report *r, const parasol_progress *p)
{
    if (r->verbose || r->quiet || !is_loss(p->skip) ||
        r->examples == PI_REPORT_EXAMPLES)
        return;
    char *to = r->example[r->examples++];
    const char *detail = p->detail ? p->detail : "";
    (void)snprintf(to, sizeof r->example[0], "%.300s %s%s%.100s%s", p->path,
                   parasol_skip_str(p->skip), detail[0] ? " (" : "", detail,
                   detail[0] ? ")" : "");
}

static void show_live(pi_index_report *r)
{
    char size[32];
    double t = now();
    if (!r->live || t - r->shown_at < LIVE_EVERY)
        return;
    r->shown_at = t;
    double rate = t > r->start ? (double)r->bytes / (t - r->start) / 1e6 : 0;
    fprintf(stderr, "\r%" PRIu64 " files, %s, %.1f MB/s\033[K", r->files,
            size_text(size, r->bytes), rate);
    (void)fflush(stderr);
    r->line_shown = true;
}

void pi_index_report_file(pi_index_report *r, const parasol_progress *p)
{
    r->files++;
    r->bytes += p->bytes;
    if (p->skip != PARASOL_SKIP_NONE) {
        keep_example(r, p);
        if (r->verbose) {
            pi_index_report_clear(r);
            say_skip(p->path, p->skip, p->detail ? p->detail : "");
        }
    }
    show_live(r);
}

static uint64_t count_skipped(const pi_index_report *r)
{
    uint64_t sum = 0;
    for (int i = 0; i < PARASOL_SKIP_COUNT; i++)
        sum += r->summary.skipped[i];
    return sum;
}

static void say_counts(const pi_index_report *r)
{
    uint64_t skipped = count_skipped(r);
    fprintf(stderr, "%" PRIu64 " indexed", r->summary.indexed);
    if (skipped == 0) {
        fputc('\n', stderr);
        return;
    }
    const char *before = ": ";
    fprintf(stderr, " · %" PRIu64 " not searchable", skipped);
    for (int i = 0; i < PARASOL_SKIP_COUNT; i++) {
        if (r->summary.skipped[i] == 0)
            continue;
        fprintf(stderr, "%s%" PRIu64 " %s", before, r->summary.skipped[i],
                parasol_skip_word(i));
        before = ", ";
    }
    fputs(r->verbose ? "\n" : " (parasol index -v lists them)\n", stderr);
}

void pi_index_report_end(pi_index_report *r, const char *dir, const char *index,
                         const parasol_commit_info *info)
{
    char size[32];
    pi_index_report_clear(r);
    if (r->quiet)
        return;
    for (unsigned i = 0; i < r->examples; i++) {
        fputs("  ", stderr);
        (void)pc_say_text(stderr, r->example[i], strlen(r->example[i]));
        fputc('\n', stderr);
    }
    if (r->summary.files == 0) {
        fputs("There are no files in ", stderr);
        (void)pc_say_text(stderr, dir, strlen(dir));
        fputs(": the index is empty\n", stderr);
    } else {
        say_counts(r);
    }
    fputs("index ", stderr);
    (void)pc_say_text(stderr, index, strlen(index));
    fprintf(stderr, "  %s", size_text(size, info->index_bytes));
    if (r->summary.bytes > 0)
        fprintf(stderr, " (%.0f %% of the input)",
                100.0 * (double)info->index_bytes / (double)r->summary.bytes);
    fprintf(stderr, "  commit %" PRIu64 "  in %.2f s\n", info->commit,
            now() - r->start);
}

/*
 * Sentences of parasol-index. Names of files are foreign text and go through
 * pc_say_text.
 */
#include "indexer/cli/index_report.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/tool/say.h"
#include "common/tool/stopwatch.h"

#define LIVE_EVERY 0.1 /* seconds */

void pi_index_report_init(pi_index_report *r, bool quiet, bool verbose,
                          bool lines)
{
    *r = (pi_index_report){.summary = PARASOL_TREE_SUMMARY_INIT,
                           .lines = lines,
                           .quiet = quiet,
                           .verbose = verbose && !quiet};
    r->live = !quiet && isatty(STDERR_FILENO) == 1;
    r->start = pc_stopwatch();
}

void pi_index_report_inputs(pi_index_report *r, uint64_t bytes)
{
    r->of = bytes;
    r->done = r->before = r->input = 0;
}

void pi_index_report_input(pi_index_report *r)
{
    r->before += r->input;
    r->input = 0;
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
           skip == PARASOL_SKIP_NAME || skip == PARASOL_SKIP_JSON;
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

/* Whether the live line is to be written again. */
static bool is_time(pi_index_report *r, double t)
{
    if (!r->live || t - r->shown_at < LIVE_EVERY)
        return false;
    r->shown_at = t;
    r->line_shown = true;
    return true;
}

/* "2:05 left", from the share that is done and the time it took. */
static void say_left(double share, double took)
{
    if (share <= 0.01 || share > 1 || took < 1)
        return;
    double left = took / share - took;
    unsigned long s = left < 1e7 ? (unsigned long)left : 10000000;
    if (s >= 3600)
        fprintf(stderr, ", %lu:%02lu:%02lu left", s / 3600, s / 60 % 60,
                s % 60);
    else
        fprintf(stderr, ", %lu:%02lu left", s / 60, s % 60);
}

static void show_live(pi_index_report *r)
{
    char size[32], total[32];
    double t = pc_stopwatch();
    if (!is_time(r, t))
        return;
    double rate = t > r->start ? (double)r->bytes / (t - r->start) / 1e6 : 0;
    fprintf(stderr, "\rreading: %" PRIu64 " %s, %s", r->files,
            r->lines ? "lines" : "files", pc_say_size(size, r->bytes));
    if (r->total > 0)
        fprintf(stderr, " of %s", pc_say_size(total, r->total));
    fprintf(stderr, ", %.1f MB/s", rate);
    if (r->of > 0)
        say_left((double)r->done / (double)r->of, t - r->start);
    else if (r->total > 0)
        say_left((double)r->bytes / (double)r->total, t - r->start);
    fputs("\033[K", stderr);
    (void)fflush(stderr);
}

void pi_index_report_merge(pi_index_report *r, uint64_t done, uint64_t total)
{
    if (!is_time(r, pc_stopwatch()) || total == 0)
        return;
    fprintf(stderr, "\rmerging: %" PRIu64 " %%\033[K", done * 100 / total);
    (void)fflush(stderr);
}

void pi_index_report_file(pi_index_report *r, const parasol_progress *p)
{
    r->files++;
    r->bytes += p->bytes;
    r->done = r->before + p->done;
    r->input = p->total;
    if (p->skip != PARASOL_SKIP_NONE) {
        keep_example(r, p);
        if (r->verbose) {
            pi_index_report_clear(r);
            say_skip(p->path, p->skip, p->detail ? p->detail : "");
        }
    }
    show_live(r);
}

void pi_index_report_change(pi_index_report *r, const parasol_change *c)
{
    static const char mark[] = {' ', '+', '~', '-', '>'};
    if (!r->dry || c->kind < 0 || (size_t)c->kind >= sizeof mark)
        return;
    pi_index_report_clear(r);
    (void)fputc(mark[c->kind], stdout);
    (void)fputc(' ', stdout);
    (void)pc_say_text(stdout, c->path, strlen(c->path));
    if (c->kind == PARASOL_CHANGE_RENAMED) {
        fputs(" (was ", stdout);
        (void)pc_say_text(stdout, c->from, strlen(c->from));
        (void)fputc(')', stdout);
    }
    (void)fputc('\n', stdout);
}

static uint64_t count_skipped(const pi_index_report *r)
{
    uint64_t sum = 0;
    for (int i = 0; i < PARASOL_SKIP_COUNT; i++)
        sum += r->summary.skipped[i];
    return sum;
}

/* What rules left out. */
static void say_ignored(const pi_index_report *r)
{
    uint64_t files = r->summary.ignored_files;
    uint64_t folders = r->summary.ignored_folders;
    if (files + folders == 0)
        return;
    fputs(" · ignored", stderr);
    if (files > 0)
        fprintf(stderr, " %" PRIu64 " file%s", files, files > 1 ? "s" : "");
    if (folders > 0)
        fprintf(stderr, "%s %" PRIu64 " folder%s", files > 0 ? " and" : "",
                folders, folders > 1 ? "s" : "");
}

/* +12 ~3 -1 =480, 2 renamed */
static void say_update(const pi_index_report *r,
                       const parasol_commit_info *info)
{
    const parasol_tree_summary *s = &r->summary;
    uint64_t added = r->lines ? info->added : s->added;
    uint64_t changed = r->lines ? info->changed : s->changed;
    uint64_t removed = r->lines ? info->removed : s->removed;
    uint64_t same = r->lines ? info->documents - added - changed : s->unchanged;
    if (info->unchanged && !r->dry)
        fprintf(stderr, "nothing has changed: =%" PRIu64, same);
    else
        fprintf(stderr, "+%" PRIu64 " ~%" PRIu64 " -%" PRIu64 " =%" PRIu64,
                added, changed, removed, same);
    if (s->renamed > 0)
        fprintf(stderr, ", %" PRIu64 " renamed", s->renamed);
}

static void say_counts(const pi_index_report *r,
                       const parasol_commit_info *info)
{
    uint64_t skipped = count_skipped(r);
    if (r->update || r->dry)
        say_update(r, info);
    else
        fprintf(stderr, "%" PRIu64 " indexed", r->summary.indexed);
    say_ignored(r);
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

static void say_changes(const pi_index_report *r,
                        const parasol_commit_info *info)
{
    if (info->replaced > 0 && !r->update)
        fprintf(stderr,
                "%" PRIu64 " replaced by a later document with the same id\n",
                info->replaced);
    if (r->summary.repaired > 0)
        fprintf(stderr,
                "%" PRIu64 " with bytes that are no UTF-8, shown as \xEF\xBF"
                "\xBD\n",
                r->summary.repaired);
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
    if (r->summary.files == 0 && info->documents == 0 && !r->dry) {
        fputs(r->lines ? "There are no lines in " : "There are no files in ",
              stderr);
        (void)pc_say_text(stderr, dir, strlen(dir));
        fputs(": the index is empty\n", stderr);
    } else {
        say_counts(r, info);
    }
    say_changes(r, info);
    if (r->dry) {
        fputs("nothing was written\n", stderr);
        return;
    }
    fputs("index ", stderr);
    (void)pc_say_text(stderr, index, strlen(index));
    fprintf(stderr, "  %s", pc_say_size(size, info->index_bytes));
    if (r->summary.bytes > 0 && !r->update)
        fprintf(stderr, " (%.0f %% of the input)",
                100.0 * (double)info->index_bytes / (double)r->summary.bytes);
    fprintf(stderr, "  commit %" PRIu64 "  in %.2f s\n", info->commit,
            pc_stopwatch() - r->start);
    if (r->fast && !info->unchanged)
        fputs("it may not be on the disk yet: a power cut soon may damage it, "
              "to be made again\n",
              stderr);
}

/*
 * `parasol search`: options, one search, its output.
 */
#include "searcher/cli/search_verb.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <parasol/searcher.h>

#include "common/tool/exit.h"
#include "common/tool/find_index.h"
#include "common/tool/opt.h"
#include "common/tool/say.h"
#include "searcher/cli/out_json.h"
#include "searcher/cli/out_text.h"
#include "searcher/cli/thesaurus.h"

#define SNIPPET_BYTES 240u
#define MAX_HITS 1000000u
#define MAX_SYNONYMS 16u
#define MAX_SECONDS 86400u
#define DEFAULT_SECONDS 30u

enum option_id {
    OPT_LIMIT,
    OPT_FROM,
    OPT_JSON,
    OPT_COUNT,
    OPT_LIST,
    OPT_INDEX,
    OPT_COLOR,
    OPT_STRICT,
    OPT_ALL,
    OPT_BY_SCORE,
    OPT_LANGUAGE,
    OPT_SHOW_QUERY,
    OPT_TIMEOUT,
    OPT_SYNONYMS,
    OPT_NO_SYNONYMS,
    OPT_K1,
    OPT_B,
    OPT_HELP
};

static const pc_opt options[] = {
    {OPT_LIMIT, 'n', "limit", "N", "print the best N results (default 10)"},
    {OPT_FROM, 0, "from", "N", "leave out the first N results"},
    {OPT_JSON, 0, "json", NULL,
     "print one JSON object a line: the results, then a\nsummary"},
    {OPT_COUNT, 'c', "count", NULL, "print only how many documents match"},
    {OPT_LIST, 'l', "list", NULL, "print only the paths of the results"},
    {OPT_INDEX, 'i', "index", "PATH",
     "the index to search; else $PARASOL_INDEX; else the\n"
     "first .parasol from the current directory upwards"},
    {OPT_COLOR, 0, "color", "WHEN",
     "auto (on a terminal, unless $NO_COLOR is set),\nalways or never"},
    {OPT_STRICT, 0, "strict", NULL, "refuse a query that has to be repaired"},
    {OPT_ALL, 0, "all", NULL, "require every word that has no sign"},
    {OPT_BY_SCORE, 0, "by-score", NULL,
     "of a query of two or three words, do not put first\nwhat has them all"},
    {OPT_SHOW_QUERY, 0, "show-query", NULL,
     "print first what the query was understood as"},
    {OPT_LANGUAGE, 'L', "lang", "NAME",
     "the query is in this language (de, german): its words\n"
     "are looked for in documents in it, as words of it"},
    {OPT_TIMEOUT, 0, "timeout", "S",
     "end the search after S seconds with what was found\n(default 30; 0: "
     "never)"},
    {OPT_SYNONYMS, 0, "synonyms", "FILE",
     "find also what FILE names as the same, in lines such\n"
     "as 'Kyiv, Kiev' or 'drone => UAV'; may be repeated"},
    {OPT_NO_SYNONYMS, 0, "no-synonyms", NULL,
     "without the thesaurus that comes with parasol"},
    {OPT_K1, 0, "k1", "X",
     "how much more a word counts that occurs often\n(BM25; default 1.2)"},
    {OPT_B, 0, "b", "X",
     "how much less a word counts in a long document,\n"
     "0 to 1 (BM25; default 0.75)"},
    {OPT_HELP, 'h', "help", NULL, "print this text"},
};

enum output { OUT_TEXT, OUT_JSON, OUT_COUNT, OUT_LIST };

typedef struct request {
    parasol_search_options search;
    enum output output;
    const char *index; /* as given, or NULL */
    char color;        /* 'a'uto, 'y'es, 'n'o */
    bool strict;
    bool show_query;
    bool help;
    bool no_synonyms;
    const char *synonyms[MAX_SYNONYMS]; /* files, as given */
    size_t n_synonyms;
    char *query; /* owned; operands joined by spaces */
    size_t len;
    char path[PC_PATH_BYTES]; /* of the index */
} request;

/* What is open during a search; all may be NULL. */
typedef struct session {
    parasol_searcher *searcher;
    parasol_query *query;
    parasol_result *result;
    uint64_t elapsed_us;
    parasol_error err;
} session;

void ps_search_help(void)
{
    (void)fputs(
        "parasol search - find documents in an index, best first\n"
        "\n"
        "  parasol search [OPTIONS] QUERY...\n"
        "\n"
        "Several arguments are joined by spaces to one query. Behind its\n"
        "first word, -word excludes a word; put -- before a query that begins\n"
        "with -, and quotes around what the shell would take for itself.\n"
        "\n"
        "Options\n",
        stdout);
    pc_opts_usage(options, PC_COUNTOF(options), stdout);
    (void)fputs(
        "\n"
        "Query\n"
        "  word word             either word, the best documents first\n"
        "  \"a phrase\"            the words next to each other\n"
        "  \"a phrase\"~5          in any order, with up to 5 words between them\n"
        "  a NEAR/5 b            the same; a ADJ/5 b: in this order\n"
        "  +word  -word          must occur; must not occur\n"
        "  =word  =\"a phrase\"    as written, not its stem\n"
        "  pre*  w?ld*  fuz~1    words like these; /expression/\n"
        "  title:x  title:(a b)  in the title\n"
        "  ext:pdf  lang:ja  path:sub/dir  FIELD:\"a value\"  FIELD:(a | b)\n"
        "                        only documents with such metadata\n"
        "  since:2014-03 until:\"last month\"  FIELD:>=10  FIELD:[a TO b]\n"
        "  a AND b  a OR b  NOT c  (a b c)@2  word^2  word^=1  *\n"
        "\n"
        "Examples\n"
        "  parasol search cyber defence treaty\n"
        "  parasol search '\"export controls\" +encryption -draft' -n 20\n"
        "  parasol search --json CVE-2021-44228 | jq -r '.path // empty'\n"
        "  parasol search 'arms NEAR/5 control' since:2014-03 path:reports\n"
        "  parasol search -l -- -draft\n"
        "\n"
        "Exit status\n"
        "  0  there are results        4  no index here, or not readable\n"
        "  1  there are none           5  the index is damaged\n"
        "  2  wrong usage or query     6  its format is too new or too old\n"
        "  8  out of memory, or the output could not be written\n",
        stdout);
}

static int take_color(request *rq, pc_opts *o, int i)
{
    static const char *const words[] = {"auto", "always", "never"};
    static const char meaning[] = {'a', 'y', 'n'};
    for (size_t k = 0; k < PC_COUNTOF(words); k++)
        if (strcmp(o->value, words[k]) == 0) {
            rq->color = meaning[k];
            return i;
        }
    return pc_opts_reject(o, i, "say auto, always or never");
}

/* Takes option i of the table; i, or PC_OPTS_ERROR. */
static int take_option(request *rq, pc_opts *o, int i)
{
    uint64_t count = 0;
    double real = 0;
    switch ((enum option_id)options[i].id) {
    case OPT_LIMIT:
        if (!pc_opt_uint(o->value, MAX_HITS, &count))
            return pc_opts_reject(o, i, "give a number up to 1000000");
        rq->search.limit = (size_t)count;
        break;
    case OPT_FROM:
        if (!pc_opt_uint(o->value, MAX_HITS, &count))
            return pc_opts_reject(o, i, "give a number up to 1000000");
        rq->search.offset = (size_t)count;
        break;
    case OPT_JSON: rq->output = OUT_JSON; break;
    case OPT_COUNT: rq->output = OUT_COUNT; break;
    case OPT_LIST: rq->output = OUT_LIST; break;
    case OPT_INDEX: rq->index = o->value; break;
    case OPT_COLOR: return take_color(rq, o, i);
    case OPT_STRICT: rq->strict = true; break;
    case OPT_ALL: rq->search.match_all = 1; break;
    case OPT_TIMEOUT:
        if (!pc_opt_uint(o->value, MAX_SECONDS, &count))
            return pc_opts_reject(o, i, "give a number up to 86400");
        rq->search.time_ms = count * 1000;
        break;
    case OPT_BY_SCORE: rq->search.all_first = 0; break;
    case OPT_LANGUAGE: rq->search.language = o->value; break;
    case OPT_SHOW_QUERY: rq->show_query = true; break;
    case OPT_SYNONYMS:
        if (rq->n_synonyms == MAX_SYNONYMS)
            return pc_opts_reject(o, i, "give no more than 16 files");
        rq->synonyms[rq->n_synonyms++] = o->value;
        break;
    case OPT_NO_SYNONYMS: rq->no_synonyms = true; break;
    case OPT_K1:
        if (!pc_opt_real(o->value, &real) || real < 0 || real > 1000)
            return pc_opts_reject(o, i, "give a number from 0 to 1000");
        rq->search.k1 = (float)real;
        break;
    case OPT_B:
        if (!pc_opt_real(o->value, &real) || real < 0 || real > 1)
            return pc_opts_reject(o, i, "give a number from 0 to 1");
        rq->search.b = (float)real;
        break;
    case OPT_HELP: rq->help = true; break;
    }
    return i;
}

static int read_request(request *rq, int argc, char **argv)
{
    pc_opts o;
    pc_opts_init(&o, options, PC_COUNTOF(options), argc, argv);
    pc_opts_allow_dash_words(&o);
    for (int i; (i = pc_opts_next(&o)) != PC_OPTS_END;) {
        if (i != PC_OPTS_ERROR)
            i = take_option(rq, &o, i);
        if (rq->help)
            return PC_EXIT_OK;
        if (i == PC_OPTS_ERROR && strncmp(o.message, "unknown", 7) == 0) {
            size_t len = strlen(o.message);
            (void)snprintf(o.message + len, sizeof o.message - len,
                           " (a query that begins with - comes after --)");
        }
        if (i == PC_OPTS_ERROR)
            return pc_opts_refuse("search", o.message);
    }
    if (o.operand_count == 0)
        return pc_opts_refuse("search", "what to search for is missing");
    if (rq->output == OUT_COUNT) {
        rq->search.limit = 0;
        rq->search.offset = 0;
    }
    rq->search.count_all = rq->output == OUT_TEXT || rq->output == OUT_JSON;
    rq->query = pc_opts_join(&o, &rq->len);
    if (!rq->query) {
        (void)fputs("parasol search: out of memory\n", stderr);
        return PC_EXIT_RESOURCE;
    }
    return PC_EXIT_OK;
}

static bool wants_color(const request *rq)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (rq->color != 'a')
        return rq->color == 'y';
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
           strcmp(term, "dumb") != 0;
}

/* Says why `rc` came back, and what to do; gives the exit status. */
static int report(const request *rq, const session *s, int rc)
{
    const char *why = s->err.code == rc && s->err.message[0]
                          ? s->err.message
                          : parasol_status_str(rc);
    if (rc == PARASOL_QUERY && s->err.code == rc && s->err.offset <= rq->len) {
        size_t at = (size_t)s->err.offset;
        ps_text_caret(stderr, "parasol search: query", why, rq->query, rq->len,
                      at, at);
        return pc_exit_of(rc);
    }
    (void)fputs("parasol search: ", stderr);
    (void)pc_say_text(stderr, why, strlen(why));
    if (rc == PARASOL_NOTFOUND)
        (void)fputs("; 'parasol index DIR' makes an index", stderr);
    else if (rc == PARASOL_CORRUPT)
        (void)fputs("; 'parasol check' tells what is damaged, and 'parasol "
                    "repair' mends it",
                    stderr);
    (void)fputc('\n', stderr);
    return pc_exit_of(rc);
}

static void put_warnings(const request *rq, const parasol_query *q)
{
    for (size_t i = 0; i < parasol_query_warning_count(q); i++) {
        parasol_warning w = parasol_query_warning(q, i);
        ps_text_caret(stderr, "warning", w.message, rq->query, rq->len, w.start,
                      w.end);
    }
}

/* What only the index could tell. */
static void put_notes(const request *rq, const parasol_result *r)
{
    for (size_t i = 0; i < parasol_result_note_count(r); i++) {
        parasol_warning w = parasol_result_note(r, i);
        ps_text_caret(stderr, "note", w.message, rq->query, rq->len, w.start,
                      w.end);
    }
}

/* The query in canonical form and what it became. */
static int put_understood(session *s)
{
    parasol_str text = parasol_query_text(s->query), lines;
    int rc = parasol_result_understood(s->result, &lines, &s->err);
    if (rc)
        return rc;
    (void)fputs("query: ", stdout);
    (void)pc_say_text(stdout, text.ptr, text.len);
    (void)fputc('\n', stdout);
    for (size_t i = 0; i < lines.len;) {
        const char *end = memchr(lines.ptr + i, '\n', lines.len - i);
        size_t len = end ? (size_t)(end - lines.ptr) - i : lines.len - i;
        (void)fputs("  ", stdout);
        (void)pc_say_text(stdout, lines.ptr + i, len);
        (void)fputc('\n', stdout);
        i += len + 1;
    }
    (void)fputc('\n', stdout);
    return PARASOL_OK;
}

static uint64_t now_us(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/* Opens, parses and searches. */
static int run(const request *rq, session *s)
{
    uint64_t begin = now_us();
    parasol_query_options qo = PARASOL_QUERY_OPTIONS_INIT;
    qo.strict = rq->strict;
    int rc = parasol_query_parse(&s->query, rq->query, rq->len, &qo, &s->err);
    if (rc)
        return rc;
    if (rq->output != OUT_JSON)
        put_warnings(rq, s->query);
    rc = parasol_searcher_open(&s->searcher, rq->path, NULL, &s->err);
    if (rc)
        return rc;
    rc =
        ps_add_thesauri(s->searcher, (parasol_str){rq->query, rq->len},
                        rq->no_synonyms, rq->synonyms, rq->n_synonyms, &s->err);
    if (rc)
        return rc;
    rc =
        parasol_search(&s->result, s->searcher, s->query, &rq->search, &s->err);
    s->elapsed_us = now_us() - begin;
    return rc;
}

static int put_hits(const request *rq, session *s)
{
    bool color = rq->output == OUT_TEXT && wants_color(rq);
    bool terminal = isatty(STDOUT_FILENO);
    for (size_t i = 0; i < parasol_result_count(s->result); i++) {
        parasol_hit hit = PARASOL_HIT_INIT;
        parasol_snippet snippet = PARASOL_SNIPPET_INIT;
        uint64_t rank = (uint64_t)rq->search.offset + i + 1;
        int rc = parasol_result_hit(s->result, i, &hit, &s->err);
        if (!rc && rq->output != OUT_LIST)
            rc = parasol_result_snippet(s->result, i, SNIPPET_BYTES, &snippet,
                                        &s->err);
        if (rc)
            return rc;
        if (rq->output == OUT_LIST)
            ps_text_path(stdout, &hit, terminal);
        else if (rq->output == OUT_TEXT)
            ps_text_hit(stdout, rank, &hit, &snippet, color);
        else
            rc = ps_json_hit(stdout, s->result, i, rank, &hit, &snippet,
                             &s->err);
        if (rc)
            return rc;
    }
    return PARASOL_OK;
}

/* What was probably meant; empty if nothing else was. */
static int find_suggestion(const request *rq, session *s, parasol_str *text)
{
    *text = (parasol_str){"", 0};
    if ((rq->output != OUT_TEXT && rq->output != OUT_JSON) ||
        rq->search.offset > 0)
        return PARASOL_OK;
    int rc = parasol_result_suggestion(s->result, s->query, text, &s->err);
    return rc == PARASOL_NOTFOUND ? PARASOL_OK : rc;
}

static void put_end(const request *rq, const session *s, parasol_str meant)
{
    parasol_searcher_info info = {.struct_size = sizeof info};
    parasol_searcher_describe(s->searcher, &info);
    if (rq->output == OUT_COUNT) {
        (void)fprintf(stdout, "%" PRIu64 "\n", parasol_result_total(s->result));
    } else if (rq->output == OUT_JSON) {
        ps_json_summary_in in = {.query = s->query,
                                 .result = s->result,
                                 .info = &info,
                                 .index = rq->path,
                                 .from = rq->search.offset,
                                 .elapsed_us = s->elapsed_us,
                                 .show_query = rq->show_query,
                                 .suggestion = meant};
        ps_json_summary(stdout, &in);
    } else if (rq->output == OUT_TEXT) {
        (void)fflush(stdout);
        ps_text_summary(stderr, s->result, (double)s->elapsed_us / 1000.0,
                        info.not_searchable);
        if (meant.len) {
            (void)fputs("did you mean: ", stderr);
            (void)pc_say_text(stderr, meant.ptr, meant.len);
            (void)fputc('\n', stderr);
        }
    }
}

int ps_search_verb(int argc, char **argv)
{
    request rq = {.search = PARASOL_SEARCH_OPTIONS_INIT, .color = 'a'};
    session s = {0};
    parasol_str meant = {"", 0};
    rq.search.all_first = 1;
    rq.search.time_ms = DEFAULT_SECONDS * 1000;
    int status = read_request(&rq, argc, argv);
    if (rq.help)
        ps_search_help();
    if (status || rq.help)
        goto out;
    status = pc_find_index(rq.index, rq.path);
    if (status)
        goto out;
    int rc = run(&rq, &s);
    if (!rc && rq.output != OUT_JSON)
        put_notes(&rq, s.result);
    if (!rc && rq.show_query && rq.output == OUT_TEXT)
        rc = put_understood(&s);
    if (!rc)
        rc = put_hits(&rq, &s);
    if (!rc)
        rc = find_suggestion(&rq, &s, &meant);
    (void)fflush(stdout);
    if (rc) {
        status = report(&rq, &s, rc);
        goto out;
    }
    put_end(&rq, &s, meant);
    status = parasol_result_total(s.result) ? PC_EXIT_OK : PC_EXIT_NONE;
out:
    parasol_result_free(s.result);
    parasol_query_free(s.query);
    parasol_searcher_close(s.searcher);
    pc_opts_free_joined(rq.query);
    return status;
}

/*
 * Snippets: which passage, what is marked, and bounds for any text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/text/analyzer.h"
#include "common/text/token.h"
#include "common/text/utf8.h"
#include "searcher/render/snippet.h"

#define MAX_TERMS 16

/* A highlighter made from text: leaves separated by |, = makes one exact. */
typedef struct fixture {
    pc_analyzer *an;
    pc_arena arena;
    ps_match_term terms[MAX_TERMS];
    ps_highlight_leaf leaves[MAX_TERMS];
    ps_highlighter h;
} fixture;

static void set_query(fixture *f, const char *query)
{
    size_t used = 0;
    f->h = (ps_highlighter){f->leaves, 0};
    while (*query) {
        size_t len = strcspn(query, "|");
        bool exact = query[0] == '=';
        ps_highlight_leaf *leaf = &f->leaves[f->h.n++];
        pc_str text = {query + exact, len - exact};
        pc_tokenizer t;
        pc_token tok;
        *leaf = (ps_highlight_leaf){&f->terms[used], 0, 1.0F, false};
        pc_tokenizer_init(&t, text.ptr, text.len);
        while (pc_tokenizer_next(&t, &tok)) {
            pc_term term;
            assert_true(used < MAX_TERMS);
            assert_int_equal(pc_analyzer_term(f->an,
                                              (pc_str){text.ptr + tok.start,
                                                       tok.end - tok.start},
                                              tok.kind, &term),
                             PARASOL_OK);
            ps_match_term *one = &f->terms[used++];
            one->stem.len = term.stem.len;
            one->stem.ptr =
                pc_arena_copy(&f->arena, term.stem.ptr, term.stem.len);
            one->form.len = term.form.len;
            one->form.ptr =
                pc_arena_copy(&f->arena, term.form.ptr, term.form.len);
            one->exact = exact;
            leaf->n++;
        }
        query += len + (query[len] == '|');
    }
}

static void open_fixture(fixture *f)
{
    memset(f, 0, sizeof *f);
    pc_arena_init(&f->arena, NULL, 0);
    assert_int_equal(pc_analyzer_open(&f->an, "english", NULL, NULL),
                     PARASOL_OK);
}

static void close_fixture(fixture *f)
{
    pc_analyzer_free(f->an);
    pc_arena_release(&f->arena);
}

/* What a snippet must be whatever the text. */
static void check_bounds(const ps_snippet *s, size_t max)
{
    size_t at = 0;
    assert_true(s->text.len <= max);
    assert_int_equal(s->text.ptr[s->text.len], 0);
    assert_true(pc_utf8_valid(s->text));
    for (size_t i = 0; i < s->span_count; i++) {
        assert_true(s->spans[i].start >= at);
        assert_true(s->spans[i].start < s->spans[i].end);
        assert_true(s->spans[i].end <= s->text.len);
        pc_str cut = {s->text.ptr + s->spans[i].start,
                      s->spans[i].end - s->spans[i].start};
        assert_true(pc_utf8_valid(cut));
        at = s->spans[i].end;
    }
}

/* Makes a snippet and compares it, with [ ] around spans and ~ where text was
   left out. */
static void check(const char *query, const char *text, size_t max,
                  const char *want)
{
    fixture f;
    ps_snippet s;
    pc_buf b;
    open_fixture(&f);
    pc_buf_init(&b, NULL);
    set_query(&f, query);
    assert_int_equal(
        ps_snippet_make(&f.h, f.an, pc_str_of(text), max, &f.arena, &s),
        PARASOL_OK);
    check_bounds(&s, max);
    size_t at = 0;
    pc_buf_put_z(&b, s.starts_inside ? "~" : "");
    for (size_t i = 0; i < s.span_count; i++) {
        pc_buf_put(&b, s.text.ptr + at, s.spans[i].start - at);
        pc_buf_put_u8(&b, '[');
        pc_buf_put(&b, s.text.ptr + s.spans[i].start,
                   s.spans[i].end - s.spans[i].start);
        pc_buf_put_u8(&b, ']');
        at = s.spans[i].end;
    }
    pc_buf_put(&b, s.text.ptr + at, s.text.len - at);
    pc_buf_put_z(&b, s.ends_inside ? "~" : "");
    pc_buf_put_u8(&b, 0);
    assert_string_equal((const char *)b.ptr, want);
    pc_buf_release(&b);
    close_fixture(&f);
}

static void render_snippet__marks_words_and_stems(void **state)
{
    PC_UNUSED(state);
    check("treaty", "The treaties, a Treaty.", 100,
          "The [treaties], a [Treaty].");
    check("=treaty", "The treaties, a Treaty.", 100,
          "The treaties, a [Treaty].");
    check("arms|control", "arms control and arms", 100,
          "[arms] [control] and [arms]");
    check("none", "nothing here", 100, "nothing here");
    check("", "nothing here", 100, "nothing here");
}

static void render_snippet__marks_phrases_only_where_they_match(void **state)
{
    PC_UNUSED(state);
    check("arms control", "arms, control; control of arms", 100,
          "[arms, control]; control of arms");
    check("arms control|of", "control arms of arms control", 100,
          "control arms [of] [arms control]");
    check("a b a b c", "a b a b a b c b", 100, "a b [a b a b c] b");
    check("x x", "x y x x x", 100, "x y [x x x]");
    check("b c", "c b", 100, "c b");
}

static void render_snippet__folds_white_space(void **state)
{
    PC_UNUSED(state);
    check("b c", "  a \n\n b\t\r\n c\xC2\xA0  d ", 100, "a [b c] d");
    check("a", "\n a", 100, "[a]");
    check("d",
          "\xE3\x80\x80"
          "c d",
          100, "c [d]");
}

static void render_snippet__bigrams_make_one_span(void **state)
{
    PC_UNUSED(state);
    check("\xE9\xA6\x96\xE9\x83\xBD\xE5\x9C\x8F",
          "\xE3\x81\xAE\xE9\xA6\x96\xE9\x83\xBD\xE5\x9C\x8F\xE3\x81\xA7", 100,
          "\xE3\x81\xAE[\xE9\xA6\x96\xE9\x83\xBD\xE5\x9C\x8F]"
          "\xE3\x81\xA7");
}

static void render_snippet__picks_the_best_window(void **state)
{
    PC_UNUSED(state);
    const char *text =
        "Cyber is a word. It stands here without its friends and says "
        "little. Much else is told before the point is reached. "
        "A cyber treaty was signed in Geneva. Then all went home and "
        "nothing more was heard of them for a long time.";
    check("cyber|treaty", text, 60,
          "~A [cyber] [treaty] was signed in Geneva. Then all went home and~");
    check("little", text, 40, "~and says [little]. Much else is told~");
    check("time", text, 40, "~more was heard of them for a long [time].");
    check("word", text, 30, "Cyber is a [word]. It stands~");
    check("absent", text, 20, "Cyber is a word. It~");
}

static void render_snippet__cuts_at_words_and_characters(void **state)
{
    PC_UNUSED(state);
    check("x", "aaaa bbbb cccc", 11, "aaaa bbbb~");
    check("x", "aaaa bbbb cccc", 9, "aaaa bbbb~");
    check("x", "aaaa bbbb cccc", 13, "aaaa bbbb~");
    check("x", "aaaa bbbb cccc", 14, "aaaa bbbb cccc");
    check("x", "aaaabbbbcccc", 6, "aaaabb~");
    check("x", "\xC3\xA9\xC3\xA9\xC3\xA9", 5, "\xC3\xA9\xC3\xA9~");
    check("x", "\xC3\xA9", 1, "~");
    check("x", "abc", 0, "~");
    check("x", "  ", 0, "");
    check("x", "", 10, "");
    check("x", "a\xFFz", 10, "a\xEF\xBF\xBDz");
}

static void
render_snippet__first_matches_beyond_the_limit_are_not_found(void **state)
{
    PC_UNUSED(state);
    fixture f;
    ps_snippet s;
    pc_buf b;
    open_fixture(&f);
    pc_buf_init(&b, NULL);
    while (b.len < PS_SNIPPET_SCAN)
        pc_buf_put_z(&b, "filler ");
    size_t late = b.len;
    pc_buf_put_z(&b, "needle and some more words to follow it");
    set_query(&f, "needle");
    assert_int_equal(
        ps_snippet_make(&f.h, f.an, pc_buf_str(&b), 30, &f.arena, &s),
        PARASOL_OK);
    assert_int_equal(s.span_count, 0);
    assert_false(s.starts_inside);
    memcpy(b.ptr + late - 700, "needle", 6);
    assert_int_equal(
        ps_snippet_make(&f.h, f.an, pc_buf_str(&b), 30, &f.arena, &s),
        PARASOL_OK);
    assert_int_equal(s.span_count, 1);
    assert_true(s.starts_inside && s.ends_inside);
    pc_buf_release(&b);
    close_fixture(&f);
}

/* A leaf that turns up long after the others is not waited for. */
static void render_snippet__patience_has_an_end(void **state)
{
    PC_UNUSED(state);
    fixture f;
    ps_snippet s;
    pc_buf b;
    open_fixture(&f);
    pc_buf_init(&b, NULL);
    pc_buf_put_z(&b, "early ");
    while (b.len < PS_SNIPPET_PATIENCE / 2)
        pc_buf_put_z(&b, "filler ");
    size_t near = b.len;
    while (b.len < PS_SNIPPET_PATIENCE * 3)
        pc_buf_put_z(&b, "filler ");
    pc_buf_put_z(&b, "early late");
    set_query(&f, "early|late");
    assert_int_equal(
        ps_snippet_make(&f.h, f.an, pc_buf_str(&b), 40, &f.arena, &s),
        PARASOL_OK);
    assert_int_equal(s.span_count, 1);
    assert_false(s.starts_inside);
    memcpy(b.ptr + near, "early late ", 11);
    assert_int_equal(
        ps_snippet_make(&f.h, f.an, pc_buf_str(&b), 40, &f.arena, &s),
        PARASOL_OK);
    assert_int_equal(s.span_count, 2);
    assert_true(s.starts_inside);
    pc_buf_release(&b);
    close_fixture(&f);
}

static uint64_t rng;

static uint32_t draw(uint32_t below)
{
    rng += 0x9E3779B97F4A7C15u;
    uint64_t z = rng;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

static size_t random_text(char *out, size_t room, bool bytes)
{
    static const char *const parts[] = {
        "a",
        "b",
        "c",
        "ab",
        "treaty",
        "treaties",
        "\xC3\xA9t\xC3\xA9",
        ". ",
        " ",
        " ",
        " ",
        "\n\n",
        "\t",
        ", ",
        "\xE9\xA6\x96\xE9\x83\xBD",
        "\xE3\x80\x82",
        "\xE3\x80\x80",
        "verylongwordindeedwithoutend",
        "U.S.",
        "-",
        "inter-\nnational",
        "\xF0\x9F\x98\x80",
        "e\xCC\x81",
    };
    size_t n = 0;
    size_t want = draw(600);
    while (n < want && n + 40 < room) {
        const char *part = parts[draw(PC_COUNTOF(parts))];
        if (bytes && draw(3) == 0) {
            out[n++] = (char)draw(256);
            continue;
        }
        memcpy(out + n, part, strlen(part));
        n += strlen(part);
    }
    return n;
}

static void render_snippet__bounds_hold_for_any_text(void **state)
{
    PC_UNUSED(state);
    static const char *const queries[] = {
        "a",      "a|b",           "a b", "a b|treaty|c a",
        "treaty", "=treaties",     "a a", "\xE9\xA6\x96\xE9\x83\xBD|b",
        "u.s",    "international", "x",   "",
    };
    size_t marked = 0;
    for (int run = 0; run < 6000; run++) {
        char text[700];
        fixture f;
        ps_snippet s;
        size_t n = random_text(text, sizeof text, run % 3 == 0);
        size_t max = draw(300);
        open_fixture(&f);
        set_query(&f, queries[draw(PC_COUNTOF(queries))]);
        /* An exact copy, so that a read past the end is seen. */
        pc_str copy = {pc_alloc(NULL, 1, n + 1), n};
        assert_non_null(copy.ptr);
        memcpy((char *)(uintptr_t)copy.ptr, text, n + 1);
        assert_int_equal(ps_snippet_make(&f.h, f.an, copy, max, &f.arena, &s),
                         PARASOL_OK);
        check_bounds(&s, max);
        marked += s.span_count;
        pc_free(NULL, (char *)(uintptr_t)copy.ptr);
        close_fixture(&f);
    }
    assert_true(marked > 1000);
}

struct counted {
    long left;
};

static void *counted_resize(void *ptr, size_t size, void *user)
{
    struct counted *c = user;
    return c->left-- > 0 ? realloc(ptr, size) : NULL;
}

static void counted_release(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static void render_snippet__each_allocation_may_fail(void **state)
{
    PC_UNUSED(state);
    fixture f;
    open_fixture(&f);
    set_query(&f, "a b|treaty");
    for (long allowed = 0;; allowed++) {
        struct counted c = {allowed};
        pc_mem mem = {counted_resize, counted_release, &c};
        pc_arena arena;
        ps_snippet s;
        pc_arena_init(&arena, &mem, 256);
        int rc = ps_snippet_make(
            &f.h, f.an, PC_STR_LIT("a b c. A treaty a b a b"), 20, &arena, &s);
        pc_arena_release(&arena);
        if (rc == PARASOL_OK) {
            assert_true(allowed > 3);
            break;
        }
        assert_int_equal(rc, PARASOL_NOMEM);
    }
    close_fixture(&f);
}

int main(void)
{
    const char *given = getenv("PARASOL_TEST_SEED");
    rng = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)rng);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(render_snippet__marks_words_and_stems),
        cmocka_unit_test(render_snippet__marks_phrases_only_where_they_match),
        cmocka_unit_test(render_snippet__folds_white_space),
        cmocka_unit_test(render_snippet__bigrams_make_one_span),
        cmocka_unit_test(render_snippet__picks_the_best_window),
        cmocka_unit_test(render_snippet__cuts_at_words_and_characters),
        cmocka_unit_test(
            render_snippet__first_matches_beyond_the_limit_are_not_found),
        cmocka_unit_test(render_snippet__patience_has_an_end),
        cmocka_unit_test(render_snippet__bounds_hold_for_any_text),
        cmocka_unit_test(render_snippet__each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

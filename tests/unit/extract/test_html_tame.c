/*
 * HTML that wants to be expensive: depth, size and memory stay bounded, and
 * no letter is lost where pieces meet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "indexer/extract/extract.h"
#include "indexer/extract/html_tame.h"

/* An allocator that refuses from the n-th request on. */
typedef struct miser {
    size_t left;
    size_t live; /* blocks not given back */
} miser;

static void *miser_resize(void *ptr, size_t size, void *user)
{
    miser *m = user;
    if (m->left == 0)
        return NULL;
    m->left--;
    void *got = realloc(ptr, size);
    if (got && !ptr)
        m->live++;
    return got;
}

static void miser_release(void *ptr, void *user)
{
    miser *m = user;
    if (ptr)
        m->live--;
    free(ptr);
}

static char *repeat(const char *start, const char *what, size_t times,
                    size_t *n)
{
    size_t one = strlen(what);
    size_t first = strlen(start);
    char *s = malloc(first + one * times + 1);
    assert_non_null(s);
    memcpy(s, start, first);
    for (size_t i = 0; i < times; i++)
        memcpy(s + first + i * one, what, one);
    *n = first + one * times;
    s[*n] = 0;
    return s;
}

static int extract(pi_extract *x, const char *s, size_t n, const pc_mem *mem,
                   pc_arena *arena)
{
    parasol_error err = {0};
    pc_arena_init(arena, mem, 0);
    return pi_extract_bytes(x, PC_STR_LIT("a.html"), (pc_str){s, n}, arena,
                            &err);
}

static const struct {
    const char *start;
    const char *what;
} costly[] = {
    {"", "<div>"},
    {"", "<div>x</p>"},
    {"", "<p>"},
    {"", "<p>x"},
    {"", "<br>"},
    {"", "<table><tr><td>x"},
    {"<table><tr>", "<td>x"},
    {"<table>", "x<tr>"},
    {"<table>", "<p>a<tr>"},
    {"", "<b x=1><i><p>"},
    {"", "<li><ul>"},
    {"", "<svg><p></svg>"},
    {"", "<time datetime=2014>x"},
    {"", "<title>x"},
    {"", "<title>x</title>"},
    {"", "<h1>x"},
    {"", "<!--"},
    {"", "<!-- -- "},
    {"", "<script>x"},
    {"", "<style>x</style"},
    {"", "&"},
    {"", "&lt"},
    {"", "<"},
    {"", "</"},
    {"<img ", "a=b "},
    {"<a ", "\""},
    {"", "<meta name=a content=b lang=c property=d alt=e itemprop=f "
         "http-equiv=x datetime=q xml:lang=z>"},
    {"", "<template><td>"},
    {"", "<html lang=en>x"},
    {"", "<body>x"},
    {"", "</body>x"},
    {"", "<sup>1"},
    {"", "<option>x"},
    {"", "<select><table>"},
    {"", "<frameset><frame>"},
    {"", "<math><mi>x</mi>"},
    {"", "<svg><foreignObject><div>x"},
    {"", "x\xe3\x81\x82"},
    {"", "word "},
};

static void html_cost__is_linear(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(costly); i++) {
        size_t n;
        pi_extract x;
        pc_arena arena;
        char *s = repeat(costly[i].start, costly[i].what, 100000, &n);
        clock_t start = clock();
        assert_int_equal(extract(&x, s, n, NULL, &arena), PARASOL_OK);
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        /* A hundredth of what the parser alone would need for the first. */
        if (seconds > 10)
            print_error("%s: %.1f s\n", costly[i].what, seconds);
        assert_true(seconds <= 10);
        pc_arena_release(&arena);
        free(s);
    }
}

static void html_memory__fails_cleanly(void **state)
{
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(costly); i++) {
        size_t n;
        char *s = repeat(costly[i].start, costly[i].what, 30000, &n);
        int rc = PARASOL_NOMEM;
        for (size_t fail_at = 0; rc != PARASOL_OK; fail_at++) {
            miser m = {.left = fail_at};
            const pc_mem mem = {miser_resize, miser_release, &m};
            pi_extract x;
            pc_arena arena;
            rc = extract(&x, s, n, &mem, &arena);
            assert_true(rc == PARASOL_OK || rc == PARASOL_NOMEM);
            pc_arena_release(&arena);
            assert_int_equal(m.live, 0);
            assert_true(fail_at < 1000);
        }
        free(s);
    }
}

static void html_pieces__are_bounded(void **state)
{
    pc_buf out;
    (void)state;
    pc_buf_init(&out, NULL);
    for (size_t i = 0; i < PC_COUNTOF(costly); i++) {
        size_t n;
        size_t tags;
        pi_html_tamer w;
        char *s = repeat(costly[i].start, costly[i].what, 400000, &n);
        pi_html_tame_init(&w, (pc_str){s, n});
        while (pi_html_tame_next(&w, &out, &tags)) {
            assert_int_equal(out.status, PARASOL_OK);
            assert_true(out.len < 4 * PI_HTML_PIECE_BYTES);
            assert_true(tags < 3 * PI_HTML_PIECE_TAGS);
        }
        free(s);
    }
    pc_buf_release(&out);
}

static void html_pieces__lose_nothing(void **state)
{
    static const char *const unit[] = {
        "<p>One <b>two</b> three &amp; four</p>\n",
        "one two three ",
        "<br>one &eacute; <i>two",
        "<div class='x'>one</div>",
        "<b>one</b>two ",
    };
    (void)state;
    for (size_t i = 0; i < PC_COUNTOF(unit); i++) {
        size_t n;
        size_t n1;
        pi_extract x;
        pi_extract one;
        pc_arena arena;
        pc_arena arena1;
        size_t times = 200000;
        char *s = repeat("<div><section>", unit[i], times, &n);
        char *s1 = repeat("<div><section>", unit[i], 1, &n1);
        assert_int_equal(extract(&x, s, n, NULL, &arena), PARASOL_OK);
        assert_int_equal(extract(&one, s1, n1, NULL, &arena1), PARASOL_OK);
        size_t letters = 0;
        size_t letters1 = 0;
        for (size_t k = 0; k < x.text.len; k++)
            letters += (unsigned char)x.text.ptr[k] > ' ';
        for (size_t k = 0; k < one.text.len; k++)
            letters1 += (unsigned char)one.text.ptr[k] > ' ';
        assert_int_equal(letters, times * letters1);
        pc_arena_release(&arena);
        pc_arena_release(&arena1);
        free(s);
        free(s1);
    }
}

static void html_pieces__keep_what_is_open(void **state)
{
    size_t n;
    pi_extract x;
    pc_arena arena;
    (void)state;
    char *s = repeat("before<nav>", "<p>menu entry</p>", 200000, &n);
    assert_int_equal(extract(&x, s, n, NULL, &arena), PARASOL_OK);
    assert_string_equal(x.text.ptr, "before");
    pc_arena_release(&arena);
    free(s);
}

static void html_tame__drops_what_is_no_text(void **state)
{
    static const char *const cases[][2] = {
        {"<b>x</b>", "x"},
        {"<P CLASS=a>x</P>", "<p>x</p>"},
        {"x</div>y", "xy"},
        {"<div><div></div></div></div>", "<div><div></div></div>"},
        {"<ul><div></ul></div>", "<ul><div></ul>"},
        {"<img SRC=a ALT='b\"c' alt=d>", "<img alt=\"b&quot;c\">"},
        {"<a href='<p>'>x</a>", "x"},
        {"<!-->x<!--->y<!-- --!>z<!-- -- -->!", "xyz!"},
        {"<?php <p> ?>x<!doctype x>y</ z>z</>", " ?>xyz"},
        {"a<<!-- -->b>", "a&lt;b>"},
        {"<svg><text>a</text><svg/></svg>b<svg>c<p>d", "b<p>d"},
        {"<script></scripty></script x>a", "a"},
        {"<title><b></title>", "<title><b></title>"},
        {"<p", ""},
        {"<p a='", ""},
        {"<", "&lt;"},
        {"</", "&lt;/"},
        {"<time datetime=1 x=2>a</time>", "<time datetime=\"1\"></time>a"},
    };
    pc_buf out;
    (void)state;
    pc_buf_init(&out, NULL);
    for (size_t i = 0; i < PC_COUNTOF(cases); i++) {
        pi_html_tamer w;
        size_t tags;
        char want[256];
        int n = snprintf(want, sizeof want, "<!DOCTYPE html>%s", cases[i][1]);
        pi_html_tame_init(&w, pc_str_of(cases[i][0]));
        assert_true(pi_html_tame_next(&w, &out, &tags));
        pc_buf_put_u8(&out, 0);
        assert_true(n > 0);
        assert_string_equal((const char *)out.ptr, want);
        assert_false(pi_html_tame_next(&w, &out, &tags));
    }
    pc_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_tame__drops_what_is_no_text),
        cmocka_unit_test(html_cost__is_linear),
        cmocka_unit_test(html_memory__fails_cleanly),
        cmocka_unit_test(html_pieces__are_bounded),
        cmocka_unit_test(html_pieces__lose_nothing),
        cmocka_unit_test(html_pieces__keep_what_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Detection of languages, with texts that were written for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/extract/detect.h"

static const struct {
    const char *code, *text;
} texts[] = {
    {"ar", "أعلنت الحكومة أن المفاوضات حول الاتفاق الجديد سوف تبدأ في الأسبوع "
           "القادم، وأن جميع الأطراف وافقت على المشاركة في هذه المحادثات."},
    {"be", "Урад паведаміў, што перамовы аб новым пагадненні пачнуцца на "
           "наступным тыдні, і ўсе бакі згадзіліся ўдзельнічаць у гэтай "
           "сустрэчы."},
    {"bg", "Правителството съобщи, че преговорите за новото споразумение ще "
           "започнат през следващата седмица и че всички страни са съгласни."},
    {"ca", "El govern ha anunciat que les negociacions sobre el nou acord "
           "començaran la setmana vinent, però encara no se sap on seran."},
    {"cs", "Vláda oznámila, že jednání o nové dohodě začnou příští týden a že "
           "se jich zúčastní všechny strany, které smlouvu již podepsaly."},
    {"da", "Regeringen har meddelt, at forhandlingerne om den nye aftale "
           "begynder i næste uge, og at alle parter vil deltage, men ikke hvor "
           "de skal finde sted. Der blev kun sagt noget om tiden."},
    {"de", "Die Regierung hat mitgeteilt, dass die Verhandlungen über das neue "
           "Abkommen in der nächsten Woche beginnen und alle Seiten daran "
           "teilnehmen werden."},
    {"de", "Der Vertrag wurde nicht von allen Staaten unterzeichnet."},
    {"el", "Η κυβέρνηση ανακοίνωσε ότι οι διαπραγματεύσεις για τη νέα συμφωνία "
           "θα αρχίσουν την επόμενη εβδομάδα."},
    {"en", "The government has said that talks about the new agreement will "
           "begin next week, and that all parties are going to take part."},
    {"es", "El gobierno ha anunciado que las negociaciones sobre el nuevo "
           "acuerdo comenzarán la próxima semana y que todas las partes van a "
           "participar en ellas."},
    {"et",
     "Valitsus teatas, et läbirääkimised uue lepingu üle algavad järgmisel "
     "nädalal ja et kõik pooled on nõus, kuid ei öelnud, kus need on."},
    {"fa",
     "دولت اعلام کرد که گفتگوها درباره توافق جدید هفته آینده آغاز می‌شود و "
     "همه طرف‌ها در آن شرکت خواهند کرد."},
    {"fi", "Hallitus ilmoitti, että neuvottelut uudesta sopimuksesta alkavat "
           "ensi viikolla ja että kaikki osapuolet ovat mukana, mutta paikka "
           "ei ole vielä selvä."},
    {"fr",
     "Le gouvernement a annoncé que les négociations sur le nouvel accord "
     "commenceront la semaine prochaine et que toutes les parties y "
     "participeront."},
    {"fr", "L'accord n'a pas été signé par les deux parties."},
    {"he", "הממשלה הודיעה כי השיחות על ההסכם החדש יתחילו בשבוע הבא וכי כל "
           "הצדדים הסכימו להשתתף בהן."},
    {"hi", "सरकार ने कहा है कि नए समझौते पर बातचीत अगले सप्ताह शुरू होगी और सभी "
           "पक्ष उसमें भाग लेंगे।"},
    {"hr",
     "Vlada je priopćila da će pregovori o novom sporazumu početi idućeg "
     "tjedna te da su se sve strane složile, ali nije rekla gdje će biti."},
    {"hu", "A kormány közölte, hogy az új megállapodásról szóló tárgyalások a "
           "jövő héten kezdődnek, és hogy minden fél részt vesz rajtuk."},
    {"hy",
     "Կառավարությունը հայտնեց, որ նոր համաձայնագրի շուրջ բանակցությունները "
     "կսկսվեն հաջորդ շաբաթ։"},
    {"id", "Pemerintah mengumumkan bahwa perundingan tentang perjanjian yang "
           "baru akan dimulai pada minggu depan dan semua pihak sudah setuju "
           "untuk ikut, tetapi tempatnya belum jelas karena harus dibahas."},
    {"it", "Il governo ha annunciato che i negoziati sul nuovo accordo "
           "inizieranno la prossima settimana e che tutte le parti vi "
           "parteciperanno."},
    {"ja",
     "政府は、新しい協定についての交渉が来週始まり、すべての当事者が参加すると"
     "発表した。"},
    {"ka", "მთავრობამ განაცხადა, რომ მოლაპარაკებები ახალი შეთანხმების შესახებ "
           "მომავალ კვირას დაიწყება."},
    {"ko", "정부는 새로운 협정에 대한 협상이 다음 주에 시작되며 모든 당사자가 "
           "참여할 것이라고 발표했다."},
    {"lt",
     "Vyriausybė pranešė, kad derybos dėl naujo susitarimo prasidės kitą "
     "savaitę ir kad visos šalys jose dalyvaus, bet vieta dar nėra aiški."},
    {"lv",
     "Valdība paziņoja, ka sarunas par jauno līgumu sāksies nākamnedēļ un "
     "ka visas puses tajās piedalīsies, bet vieta vēl nav zināma."},
    {"mk", "Владата соопшти дека преговорите за новиот договор ќе почнат "
           "следната недела и дека сите страни се согласиле."},
    {"nl",
     "De regering heeft meegedeeld dat de onderhandelingen over het nieuwe "
     "verdrag volgende week beginnen en dat alle partijen daaraan zullen "
     "deelnemen."},
    {"no", "Regjeringen har opplyst at forhandlingene om den nye avtalen "
           "begynner neste uke, og at alle parter skal delta, men ikke hvor de "
           "skal være. Det ble bare sagt noe om tiden av en som kom etter."},
    {"pl", "Rząd poinformował, że rozmowy o nowej umowie rozpoczną się w "
           "przyszłym tygodniu i że wezmą w nich udział wszystkie strony."},
    {"pt", "O governo anunciou que as negociações sobre o novo acordo vão "
           "começar na próxima semana e que todas as partes irão participar, "
           "mas não disse onde será."},
    {"ro", "Guvernul a anunțat că negocierile pentru noul acord vor începe "
           "săptămâna viitoare și că toate părțile vor participa la ele."},
    {"ru", "Правительство сообщило, что переговоры о новом соглашении начнутся "
           "на следующей неделе и что все стороны примут в них участие."},
    {"sk",
     "Vláda oznámila, že rokovania o novej dohode sa začnú budúci týždeň "
     "a že sa na nich zúčastnia všetky strany, ktoré už zmluvu podpísali."},
    {"sl",
     "Vlada je sporočila, da se bodo pogajanja o novem sporazumu začela "
     "prihodnji teden in da bodo v njih sodelovale vse strani, kraj pa še "
     "ni znan."},
    {"sr", "Влада је саопштила да ће преговори о новом споразуму почети идуће "
           "недеље и да су се све стране сложиле."},
    {"sv", "Regeringen har meddelat att förhandlingarna om det nya avtalet "
           "börjar nästa vecka och att alla parter kommer att delta, men inte "
           "var de ska hållas."},
    {"ta", "புதிய ஒப்பந்தம் குறித்த பேச்சுவார்த்தை அடுத்த வாரம் தொடங்கும்."},
    {"th", "รัฐบาลประกาศว่าการเจรจาข้อตกลงใหม่จะเริ่มขึ้นในสัปดาห์หน้า"},
    {"tr",
     "Hükümet, yeni anlaşma için görüşmelerin gelecek hafta başlayacağını "
     "ve bütün tarafların buna katılacağını açıkladı, ancak yer için daha "
     "bir karar yok."},
    {"uk", "Уряд повідомив, що переговори про нову угоду почнуться наступного "
           "тижня і що всі сторони візьмуть у них участь."},
    {"vi",
     "Chính phủ thông báo rằng các cuộc đàm phán về thỏa thuận mới sẽ bắt "
     "đầu vào tuần tới và tất cả các bên đều tham gia."},
    {"yi", "די רעגירונג האָט געזאָגט אַז די פֿאַרהאַנדלונגען וועגן דעם נײַעם אָפּמאַך "
           "וועלן זיך אָנהייבן די קומענדיקע וואָך און אַלע צדדים זײַנען מסכים."},
    {"zh", "政府宣布，有关新协定的谈判将于下周开始，各方都将参加。"},
};

/* English, or nothing that could be told. */
static const char *const english[] = {
    "",
    "12 345, 67.8",
    "OK",
    "Die Zeit",
    "int main(void) { return printf(\"%d\", de + la); }",
    "J. de la Cruz, M. van der Berg, P. von Braun were the authors of this",
    "0x5e 7b af 0e ce ea de da e1 ad be ef 12 57 0b df 9b de la e a da",
    "de: 12; fr: 13; de: 14; fr: 15; de: 16; fr: 17; de: 18; fr: 19; de: 20",
};

static pi_detector *open_detector(const char *main)
{
    pi_detector *d = NULL;
    assert_int_equal(
        pi_detector_open(&d, pc_language_of_code(pc_str_of(main)), NULL, NULL),
        0);
    return d;
}

static const char *detect(const pi_detector *d, const char *declared,
                          const char *title, const char *text)
{
    uint8_t named =
        declared ? pc_language_named(pc_str_of(declared)) : PC_LANGUAGE_NONE;
    uint8_t found = pi_detect(d, named, pc_str_of(title), pc_str_of(text));
    assert_true(found < pc_language_count());
    return pc_language_at(found)->code;
}

static void extract_detect__texts(void **state)
{
    (void)state;
    static const char *const mains[] = {"en", "de", "ja"};
    for (size_t m = 0; m < PC_COUNTOF(mains); m++) {
        pi_detector *d = open_detector(mains[m]);
        for (size_t i = 0; i < PC_COUNTOF(texts); i++) {
            const char *code = detect(d, NULL, "", texts[i].text);
            if (strcmp(code, texts[i].code) != 0)
                fail_msg("%s, not %s (main %s): %s", code, texts[i].code,
                         mains[m], texts[i].text);
        }
        pi_detector_free(d);
    }
}

static void extract_detect__nothing_clear_is_the_main_language(void **state)
{
    (void)state;
    pi_detector *d = open_detector("en");
    for (size_t i = 0; i < PC_COUNTOF(english); i++)
        assert_string_equal(detect(d, NULL, "", english[i]), "en");
    pi_detector_free(d);
    d = open_detector("pt");
    assert_string_equal(detect(d, NULL, "", "12 345"), "pt");
    pi_detector_free(d);
    pi_detector_free(NULL);
}

/* A long text in two languages; a title; what the document says itself. */
static void extract_detect__parts(void **state)
{
    (void)state;
    char text[20000];
    size_t len = 0;
    pi_detector *d = open_detector("en");
    for (unsigned i = 0; i < 60; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
                                i < 20 ? texts[9].text : texts[6].text);
    assert_string_equal(texts[9].code, "en");
    assert_string_equal(detect(d, NULL, "", texts[6].text), "de");
    assert_string_equal(detect(d, NULL, "", text), "en");
    len = 0;
    for (unsigned i = 0; i < 60; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
                                i < 1 ? "Menu Home About" : texts[6].text);
    assert_string_equal(detect(d, NULL, "", text), "de");
    assert_string_equal(
        detect(d, NULL, "Der Bericht über die Lage in der Region", "n. 12"),
        "de");
    assert_string_equal(detect(d, "sv-SE", "", "Hej"), "sv");
    assert_string_equal(detect(d, "German", "", texts[9].text), "de");
    assert_string_equal(detect(d, "C++", "", texts[6].text), "de");
    /* Who says that Japanese is English has not looked at it. */
    assert_string_equal(detect(d, "en", "", "政府は、新しい協定についての交渉"),
                        "ja");
    pi_detector_free(d);
}

static void text_language__names(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"de", "de"},          {"DE", "de"},        {"de-AT", "de"},
        {"pt_BR.UTF-8", "pt"}, {"german", "de"},    {"ger", "de"},
        {"deu", "de"},         {"Norwegian", "no"}, {"nb-NO", "no"},
        {"zh-Hans", "zh"},     {"japanese", "ja"},  {"none", "none"}};
    for (size_t i = 0; i < PC_COUNTOF(pairs); i++) {
        uint8_t n = pc_language_named(pc_str_of(pairs[i][0]));
        assert_true(n < pc_language_count());
        assert_string_equal(pc_language_at(n)->code, pairs[i][1]);
    }
    static const char *const unknown[] = {
        "", "d", "C++", "german beer", "klingon", "x-default"};
    for (size_t i = 0; i < PC_COUNTOF(unknown); i++)
        assert_int_equal(pc_language_named(pc_str_of(unknown[i])),
                         PC_LANGUAGE_NONE);
    for (unsigned i = 1; i < pc_language_count(); i++)
        assert_true(
            strcmp(pc_language_at(i - 1)->code, pc_language_at(i)->code) < 0);
}

/* Any bytes will do. */
static void extract_detect__any_bytes(void **state)
{
    (void)state;
    pi_detector *d = open_detector("en");
    char text[1000];
    uint64_t rng = 1;
    for (unsigned i = 0; i < 2000; i++) {
        size_t n = i % sizeof text;
        for (size_t k = 0; k < n; k++) {
            rng = rng * 6364136223846793005u + 1442695040888963407u;
            text[k] = (char)(rng >> 56);
        }
        char *exact = malloc(n + 1);
        assert_non_null(exact);
        memcpy(exact, text, n);
        (void)pi_detect(d, PC_LANGUAGE_NONE, (pc_str){"", 0},
                        (pc_str){exact, n});
        free(exact);
    }
    pi_detector_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extract_detect__texts),
        cmocka_unit_test(extract_detect__nothing_clear_is_the_main_language),
        cmocka_unit_test(extract_detect__parts),
        cmocka_unit_test(text_language__names),
        cmocka_unit_test(extract_detect__any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

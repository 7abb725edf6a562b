/*
 * The hash of an analysis.
 */
#include "common/text/fingerprint.h"

#include "common/text/words.h"

static const char sample[] =
    "Organizations' policies, universities' international relations; running "
    "flies happily, conditional agreements rationally negotiated, nationally "
    "U.S. us F-16 CVE-2014-0160 1,000.50 don't O’Brien’s inter-\nnational "
    "cyber-security 10 U.S.C. § 2304 S/RES/1929 Ph.D. www.un.org x@un.org "
    "Sicherheitspolitische Häuser und Verträge, größte Außenministerien "
    "l'organisation européenne déclarée, sécurité nationale, négociations "
    "organización organizaciones acción política rápidamente, niños "
    "sicurezza nazionale negoziati dell'organizzazione, città "
    "segurança nações organizações políticas "
    "veiligheid overeenkomsten landen, sikkerheden aftalerne, sikkerheten "
    "avtalene, säkerheten förhandlingarna, turvallisuuspolitiikassa maissa "
    "biztonságpolitikai tárgyalások, securitatea națională, güvenliğin "
    "İstanbul ılımlı anlaşmalar, saugumo derybose, tratados "
    "безопасность переговорами договоры Её чайки, безбедност "
    "πολιτικής ασφάλειας συμφωνίες, الأمن القومي والمفاوضات, "
    "सुरक्षा नीतियाँ, பாதுகாப்பு, շայկական անվտանգություն "
    "segurtasuna akordioak, seguretat l'estat, slándála náisiúnta "
    "keamanan perundingan, सुरक्षाका, אבטחה מדיניות "
    "according officers, relative departments, (MoD), "
    "U. S. forces, ten F-16s, NGOs and POWs, 1\u202F000\u202F000, June 12, 2014, "
    "12th of June 2014, Resolution 2166 (2014), F–16, ١٢٣, "
    "H₂O treaty¹ C++ .NET PhDs N.G.O.s U.S.'s d'un coup d’État "
    "press.office@example.org https://www.example.org/a?b=1 2001:db8::1 "
    "Directive (EU) 2016/1148, 32002R0881, 95/46/EC, A/RES/70/237 12.06.2014 "
    "50% 5.5 % 3％ N° 7 №8 32014R0910 Resolution Nº 1540 H. R. 1960 "
    "12. März 2014 1er août 2014 کتاب صה\"ל commander arms "
    "首都圏 サイバー 安全保障 한국어 ความมั่นคง ﬁnal ＮＡＴＯ Łódź Straße";

uint64_t pc_fingerprint_bytes(uint64_t h, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 0x100000001B3u;
    return h;
}

int pc_fingerprint_text(pc_analyzer *a, pc_str text, uint64_t *h)
{
    pc_words words;
    pc_token tok;
    pc_words_init(&words, text.ptr, text.len);
    while (pc_words_next(&words, &tok)) {
        pc_term term;
        pc_str raw = {text.ptr + tok.start, tok.end - tok.start};
        int rc = pc_analyzer_term(a, raw, tok.kind, &term);
        if (rc)
            return rc;
        *h = pc_fingerprint_bytes(*h, &tok.kind, 1);
        *h = pc_fingerprint_bytes(*h, &tok.span, 1);
        *h = pc_fingerprint_bytes(*h, term.form.ptr, term.form.len);
        *h = pc_fingerprint_bytes(*h, "\n", 1);
        *h = pc_fingerprint_bytes(*h, term.stem.ptr, term.stem.len);
        *h = pc_fingerprint_bytes(*h, "\n", 1);
    }
    return PARASOL_OK;
}

pc_str pc_fingerprint_sample(void)
{
    return (pc_str){sample, sizeof sample - 1};
}

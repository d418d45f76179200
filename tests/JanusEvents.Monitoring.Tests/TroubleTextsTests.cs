using System.Reflection;
using JanusEvents.Monitoring.Tests.Notifications;

namespace JanusEvents.Monitoring.Tests;

/// <summary>The words for people.</summary>
public sealed class TroubleTextsTests
{
    private static readonly string[] s_codes =
    [
        .. typeof(TroubleCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!),
    ];

    [Fact]
    public void Every_code_has_a_title_a_meaning_causes_advice_and_a_summary_of_its_own()
    {
        TroubleTexts.Codes.Should().BeEquivalentTo(s_codes);
        foreach (string code in s_codes)
        {
            TroubleText text = TroubleTexts.Of(code);
            text.Title.Should().NotBeNullOrWhiteSpace(code).And.NotEndWith(".");
            text.Meaning.Should().EndWith(".", code);
            text.Causes.Should().NotBeEmpty(code).And.OnlyContain(cause => cause.EndsWith('.'));
            text.Advice.Should().NotBeEmpty(code).And.OnlyContain(advice => advice.EndsWith('.') || advice.EndsWith('?'));
            TroubleTexts.Summary(SampleTroubles.OfCall(code: code)).Should().NotContain("{").And.NotContain(code, "a summary is a sentence");
        }

        s_codes.Select(code => TroubleTexts.Of(code).Title).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_summary_names_whom_it_is_about()
    {
        TroubleTexts.Summary(SampleTroubles.OfCall()).Should().Be("Carol in room 1234 is not heard or seen any more");
        TroubleTexts.Summary(SampleTroubles.OfServer()).Should().Be("Server edge-7 is silent");
        TroubleTexts.Summary(SampleTroubles.OfCall(code: TroubleCodes.MediumStopped) with
        {
            Subject = new TroubleSubject { Emitter = "edge-7", Session = 1, Handle = 2, Medium = "video" },
        }).Should().Be("The video of handle 2 on server edge-7 stopped");
    }

    [Fact]
    public void A_name_stays_one_short_line_whatever_a_client_chose()
    {
        string summary = TroubleTexts.Summary(SampleTroubles.OfCall() with
        {
            Subject = new TroubleSubject { Session = 1, Display = "carol {1}\r\n\u202E" + new string('x', 500) },
        });
        summary.Should().StartWith("carol {1}   x").And.NotContain("\n");
        summary.Length.Should().BeLessThan(200);
    }
}

using System.Reflection;
using System.Text;
using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;

namespace JanusEvents.Monitoring.Tests;

/// <summary>docs/monitoring.md has each code with the texts that the code has. JANUSEVENTS_ACCEPT_MONITORING=1 writes them.</summary>
public sealed class MonitoringPageTests
{
    private const string Marker = "a test holds them. -->\n";

    [Fact]
    public void Each_code_is_on_the_page_with_its_texts_and_limits()
    {
        string path = Repository.PathOf("docs", "monitoring.md");
        string page = File.ReadAllText(path);
        int end = page.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length;
        string expected = page[..end] + Codes();
        if (Environment.GetEnvironmentVariable("JANUSEVENTS_ACCEPT_MONITORING") == "1")
            File.WriteAllText(path, expected);

        File.ReadAllText(path).Should().Be(expected);
    }

    private static string Codes()
    {
        StringBuilder text = new();
        TroublesOptions options = new();
        foreach (PropertyInfo property in typeof(TroublesOptions).GetProperties())
        {
            string code = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name;
            TroubleText texts = TroubleTexts.Of(code);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n### {code}\n\n{texts.Title}: {texts.Meaning}");
            text.Append(property.GetValue(options) switch
            {
                TroubleAfterOptions after => FormattableString.Invariant($" After {after.After.TotalSeconds:0.###} s."),
                TroubleLimitOptions limit => FormattableString.Invariant($" Begins above {limit.Raise}, ends below {limit.End}."),
                _ => "",
            });
            text.Append("\n\n");
            foreach (string cause in texts.Causes)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"- Cause: {cause}\n");
            foreach (string advice in texts.Advice)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"- Advice: {advice}\n");
        }

        return text.ToString();
    }
}

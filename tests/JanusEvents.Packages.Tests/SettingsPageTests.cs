using System.Collections;
using System.Globalization;
using System.Reflection;
using JanusEvents.Testing;
using Microsoft.Extensions.Configuration;

namespace JanusEvents.Packages.Tests;

/// <summary>docs/settings.md has each option of each package, with its type, its default and its range, and no other.</summary>
public sealed class SettingsPageTests
{
    private static readonly Dictionary<string, string[]> s_rows = File.ReadLines(Repository.PathOf("docs", "settings.md"))
        .Where(line => line.StartsWith("| `JanusEvents:", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .ToDictionary(cells => cells[0].Trim('`'), StringComparer.Ordinal);

    [Fact]
    public void Every_option_is_on_the_page_as_it_is_and_nothing_else()
    {
        List<Option> options =
        [
            .. Of("JanusEvents", new JanusEventsOptions()),
            .. Of("JanusEvents", new JanusEventsEndpointOptions()),
            .. Of("JanusEvents:WebSocket", new JanusEventsWebSocketOptions()),
            .. Of("JanusEvents", new EventStoreOptions()),
            .. Of("JanusEvents:Spool", new SpoolOptions()),
            .. Of("JanusEvents:RabbitMq:Receiver", new RabbitMqReceiverOptions()),
            .. Of("JanusEvents:RabbitMq:Buffer", new RabbitMqBufferOptions()),
            .. Of("JanusEvents:RabbitMq:Writer", new RabbitMqWriterOptions()),
            .. Of("JanusEvents:Mqtt", new MqttReceiverOptions()),
            .. Of("JanusEvents:Monitoring", new MonitoringOptions()),
            .. Of("JanusEvents:Monitoring", new NotificationOptions()),
            .. Of("JanusEvents:Dashboard", new JanusDashboardOptions()),
        ];

        s_rows.Keys.Should().BeEquivalentTo(options.Select(option => option.Key));
        foreach (var option in options)
        {
            var row = s_rows[option.Key];
            row.Should().HaveCount(5, option.Key);
            row[1].Should().Be(option.Type, option.Key);
            row[2].Should().Be(option.Default, option.Key);
            row[3].Should().Be(option.Range ?? row[3], option.Key);
            row[4].Should().NotBeEmpty(option.Key);
        }
    }

    private static IEnumerable<Option> Of(string section, object options) =>
        options.GetType().GetProperties().SelectMany(property => Of($"{section}:{NameOf(property)}", property, property.GetValue(options)));

    private static string NameOf(PropertyInfo property) => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    private static IEnumerable<Option> Of(string key, PropertyInfo property, object? value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return value switch
        {
            _ when typeof(Delegate).IsAssignableFrom(type) => [],
            IList<BasicCredentials> => Of($"{key}:0", new BasicCredentials()),
            IList<TroubleWebhookOptions> => Of($"{key}:0", new TroubleWebhookOptions()),
            IList<string> => [new Option($"{key}:0", "text", "none", Range: null)],
            IDictionary<string, int> => [new Option($"{key}:stats", "whole number", "none", Range: null)],
            null or string or ValueType => [new Option(key, TypeName(type), Default(value), RangeOf(property))],
            IEnumerable => throw new InvalidOperationException($"{key} is a list that this test does not know."),
            _ => Of(key, value),
        };
    }

    private static string TypeName(Type type) => type switch
    {
        _ when type == typeof(int) || type == typeof(long) => "whole number",
        _ when type == typeof(double) => "number",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "time",
        _ when type == typeof(string) => "text",
        { IsEnum: true } => $"{string.Join(", ", Enum.GetNames(type)[..^1])} or {Enum.GetNames(type)[^1]}",
        _ => throw new InvalidOperationException($"An option is of {type}, which this test does not know."),
    };

    private static string Default(object? value) => value switch
    {
        null => "none",
        bool isOn => isOn ? "`true`" : "`false`",
        _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
    };

    /// <summary>The range in the attribute that the validators are made of; null where a rule of another kind says it.</summary>
    private static string? RangeOf(PropertyInfo property) => property.GetCustomAttributes()
        .Select(attribute => attribute.GetType().GetProperty("Range", BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(attribute))
        .OfType<string>()
        .SingleOrDefault();

    private sealed record Option(string Key, string Type, string Default, string? Range);
}

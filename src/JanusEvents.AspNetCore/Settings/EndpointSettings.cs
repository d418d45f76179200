using JanusEvents.AspNetCore.Requests;
using JanusEvents.AspNetCore.Status;
using JanusEvents.Settings;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Settings;

/// <summary>Options of an endpoint that were checked, in the form in which a request needs them.</summary>
internal sealed record EndpointSettings(CredentialCheck Credentials, int MaxBodyBytes, TimeSpan AnswerTimeout, bool StatusPage)
{
    private static readonly JanusEventsEndpointOptionsRanges s_ranges = new();

    /// <summary>Checks options that code made for one endpoint.</summary>
    /// <exception cref="OptionsValidationException">Something is out of its range; the message names the option and the fix.</exception>
    public static EndpointSettings From(JanusEventsEndpointOptions options) =>
        From(options, key => $"{nameof(JanusEventsEndpointOptions)}.{SettingKey.AsProperty(key)}");

    /// <summary>Checks options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="writeKey">Writes a key out.</param>
    /// <exception cref="OptionsValidationException">Something is out of its range; the message names the key and the fix.</exception>
    public static EndpointSettings From(JanusEventsEndpointOptions options, Func<string, string> writeKey)
    {
        List<string> failures = [];
        List<(string UserName, string Password)> pairs = [];
        Check(new BasicCredentials { UserName = options.UserName, Password = options.Password }, "", optional: true);
        for (int i = 0; i < options.Credentials.Count; i++)
            Check(options.Credentials[i], $"{nameof(options.Credentials)}:{i}:", optional: false);

        ValidateOptionsResult result = SettingsFailures.Of(s_ranges.Validate(null, options), failures, writeKey);
        if (result.Failed)
            throw new OptionsValidationException(Options.DefaultName, typeof(JanusEventsEndpointOptions), result.Failures);

        // A host that binds the section itself has each pair of the list twice.
        return new EndpointSettings(
            new CredentialCheck(pairs.Distinct()), (int)options.MaxBodyBytes, options.AnswerTimeout, options.StatusPage);

        void Check(BasicCredentials pair, string key, bool optional)
        {
            string userName = SettingKey.Of($"{key}{nameof(pair.UserName)}");
            string password = SettingKey.Of($"{key}{nameof(pair.Password)}");
            bool hasName = !string.IsNullOrEmpty(pair.UserName);
            bool hasPassword = !string.IsNullOrEmpty(pair.Password);
            if (hasName && pair.UserName!.Contains(':', StringComparison.Ordinal))
                failures.Add($"{userName} is \"{pair.UserName}\", with a colon, which ends a user name in a request; choose one without.");
            else if (hasName && hasPassword)
                pairs.Add((pair.UserName!, pair.Password!));
            else if (hasName)
                failures.Add($"{userName} is set and {password} is not; set both or none.");
            else if (hasPassword)
                failures.Add($"{password} is set and {userName} is not; set both or none.");
            else if (!optional)
                failures.Add($"{userName} and {password} are not set; set both, or take the pair away.");
        }
    }
}

/// <summary>The ranges of <see cref="JanusEventsEndpointOptions"/>, by the attributes of its properties.</summary>
[OptionsValidator]
internal sealed partial class JanusEventsEndpointOptionsRanges : IValidateOptions<JanusEventsEndpointOptions>;

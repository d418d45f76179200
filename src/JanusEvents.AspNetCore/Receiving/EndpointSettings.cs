using Microsoft.Extensions.Options;

namespace JanusEvents.Receiving;

/// <summary>Options of an endpoint that were checked, in the form in which a request needs them.</summary>
internal sealed record EndpointSettings(CredentialCheck Credentials, int MaxBodyBytes, TimeSpan AnswerTimeout, bool StatusPage)
{
    // Janus's own limit for an answer, which no setting of it changes.
    private static readonly TimeSpan s_janusTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Checks options.</summary>
    /// <exception cref="OptionsValidationException">Something is out of its range; the message names the key and the fix.</exception>
    public static EndpointSettings From(JanusEventsEndpointOptions options)
    {
        List<string> failures = [];
        List<(string UserName, string Password)> pairs = [];
        Check(new BasicCredentials { UserName = options.UserName, Password = options.Password }, "", optional: true);
        for (int i = 0; i < options.Credentials.Count; i++)
            Check(options.Credentials[i], $"Credentials:{i}:", optional: false);

        // One byte less than an array can have: a body is read into one byte more than it announces.
        if (options.MaxBodyBytes < 1 || options.MaxBodyBytes > Array.MaxLength - 1)
            failures.Add($"MaxBodyBytes is {options.MaxBodyBytes}; it must be 1 to {Array.MaxLength - 1}.");
        if (options.AnswerTimeout <= TimeSpan.Zero || options.AnswerTimeout >= s_janusTimeout)
            failures.Add($"AnswerTimeout is {options.AnswerTimeout}; it must be more than zero and less than {s_janusTimeout}, after which Janus sends again what it got no answer to.");

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(
                Options.DefaultName,
                typeof(JanusEventsEndpointOptions),
                failures.Select(failure => $"{nameof(JanusEventsEndpointOptions)}: {failure}"));
        }

        return new EndpointSettings(new CredentialCheck(pairs), (int)options.MaxBodyBytes, options.AnswerTimeout, options.StatusPage);

        void Check(BasicCredentials pair, string key, bool optional)
        {
            bool hasName = !string.IsNullOrEmpty(pair.UserName);
            bool hasPassword = !string.IsNullOrEmpty(pair.Password);
            if (hasName && pair.UserName!.Contains(':', StringComparison.Ordinal))
                failures.Add($"{key}UserName contains a colon, which ends a user name in a request; choose one without.");
            else if (hasName && hasPassword)
                pairs.Add((pair.UserName!, pair.Password!));
            else if (hasName)
                failures.Add($"{key}UserName is set and {key}Password is not; set both or none.");
            else if (hasPassword)
                failures.Add($"{key}Password is set and {key}UserName is not; set both or none.");
            else if (!optional)
                failures.Add($"{key}UserName and {key}Password are not set; set both, or take the pair away.");
        }
    }
}

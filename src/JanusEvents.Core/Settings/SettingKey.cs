using System.ComponentModel.DataAnnotations;

namespace JanusEvents.Settings;

/// <summary>
/// The key of a setting in a message of a validator. A validator knows a key from its own options on; where these lie in
/// the configuration, or that code made them, is known only to those who run it. So keys stand marked in messages until then.
/// </summary>
internal static class SettingKey
{
    private const char Mark = '\u0001';

    /// <summary>A key in a message, such as <c>Redaction:AddressKey</c>.</summary>
    public static string Of(string key) => $"{Mark}{key}{Mark}";

    /// <summary>The key of what is being validated: generated validators call it <c>Options.Section.Name[0].Name</c>.</summary>
    public static string Of(ValidationContext context)
    {
        string name = context.DisplayName[(context.DisplayName.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return Of(name.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':'));
    }

    /// <summary>A message with its keys written out.</summary>
    /// <param name="message">The message.</param>
    /// <param name="write">Writes a key out.</param>
    public static string Written(string message, Func<string, string> write) =>
        string.Concat(message.Split(Mark).Select((piece, i) => i % 2 == 0 ? piece : write(piece)));

    /// <summary>A key as the property that it is in code.</summary>
    public static string AsProperty(string key) => key.Replace(':', '.');
}

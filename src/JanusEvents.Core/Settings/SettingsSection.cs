using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace JanusEvents.Settings;

/// <summary>The section of the host's configuration that all options are read from; empty where a host has none.</summary>
internal sealed class SettingsSection
{
    private const string DefaultKey = "JanusEvents";

    private readonly IConfiguration? _section;
    private readonly string _path;

    private SettingsSection(IConfiguration? section, string path) => (_section, _path) = (section, path);

    /// <summary>The section named <c>JanusEvents</c>.</summary>
    /// <param name="configuration">The host's configuration; null where it has none.</param>
    public static SettingsSection In(IConfiguration? configuration) => new(configuration?.GetSection(DefaultKey), DefaultKey);

    /// <summary>A section that code named.</summary>
    public static SettingsSection Given(IConfiguration section) => new(section, (section as IConfigurationSection)?.Path ?? "");

    /// <summary>Changes with the configuration.</summary>
    public IChangeToken? ReloadToken() => _section?.GetReloadToken();

    /// <summary>The keys that lie in the section.</summary>
    public IEnumerable<string> Keys(string key) => _section is null ? [] : At(key)!.GetChildren().Select(child => child.Key);

    /// <summary>Whether the section has something by a key.</summary>
    public bool Has(string key) => _section is not null && _section.GetSection(key).Exists();

    /// <summary>The whole key, as a message names it.</summary>
    public string PathOf(string key) => (_path, key) switch
    {
        ("", _) => key,
        (_, "") => _path,
        _ => ConfigurationPath.Combine(_path, key),
    };

    /// <summary>Sets options as the section says.</summary>
    /// <param name="key">Where in the section they lie; empty for the section itself.</param>
    /// <param name="options">The options.</param>
    /// <param name="bind">Binds them. A call that names the type, so that its code is generated.</param>
    /// <param name="nested">What is wrong with options that lie in these: <see cref="Failures"/> of each.</param>
    /// <exception cref="OptionsValidationException">Values are not of their kinds.</exception>
    public void Bind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(
        string key,
        TOptions options,
        Action<IConfiguration, TOptions> bind,
        params IEnumerable<string> nested)
        where TOptions : class
    {
        if (At(key) is not { } section)
            return;

        List<string> failures = [.. Failures<TOptions>(key), .. nested];
        if (failures.Count > 0)
            throw Refused<TOptions>(failures);

        try
        {
            bind(section, options);
        }
        catch (InvalidOperationException e)
        {
            throw Refused<TOptions>([e.Message]);
        }
    }

    /// <summary>Which values are not of their kinds, each with its key, its value, and what it must be.</summary>
    /// <typeparam name="TOptions">What lies at the key.</typeparam>
    /// <param name="key">Where in the section it lies; empty for the section itself.</param>
    public IEnumerable<string> Failures<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string key)
        where TOptions : class =>
        At(key) is not { } section
            ? []
            : typeof(TOptions).GetProperties().SelectMany(property => SettingValue.Failures(
                property.PropertyType,
                section.GetSection(property.Name),
                PathOf(key.Length == 0 ? property.Name : ConfigurationPath.Combine(key, property.Name))));

    private static OptionsValidationException Refused<TOptions>(IEnumerable<string> failures) =>
        new(Options.DefaultName, typeof(TOptions), failures);

    private IConfiguration? At(string key) => key.Length == 0 ? _section : _section?.GetSection(key);
}

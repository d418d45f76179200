using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
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

    // The names of the options that were read, by where they lie.
    private readonly ConcurrentDictionary<string, string[]> _known = new(StringComparer.OrdinalIgnoreCase);

    private SettingsSection(IConfiguration? section, string path) => (_section, _path) = (section, path);

    /// <summary>The section named <c>JanusEvents</c>.</summary>
    /// <param name="configuration">The host's configuration; null where it has none.</param>
    public static SettingsSection In(IConfiguration? configuration) => new(configuration?.GetSection(DefaultKey), DefaultKey);

    /// <summary>A section that code named.</summary>
    public static SettingsSection Given(IConfiguration section) => new(section, (section as IConfigurationSection)?.Path ?? "");

    /// <summary>Changes with the configuration.</summary>
    public IChangeToken? ReloadToken() => _section?.GetReloadToken();

    /// <summary>Whether the section has something by a key.</summary>
    public bool Has(string key) => _section is not null && _section.GetSection(key).Exists();

    /// <summary>The names of what lies at a key, such as <c>0</c>, <c>1</c> of a list.</summary>
    public IEnumerable<string> ChildrenOf(string key) => At(key)?.GetChildren().Select(child => child.Key) ?? [];

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
    /// <param name="nested">The faults of options that lie in these: <see cref="Failures"/> of each.</param>
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
    /// <typeparam name="TOptions">The options at the key.</typeparam>
    /// <param name="key">Where in the section it lies; empty for the section itself.</param>
    public IEnumerable<string> Failures<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string key)
        where TOptions : class
    {
        if (At(key) is not { } section)
            return [];

        PropertyInfo[] properties = typeof(TOptions).GetProperties();
        string[] names = [.. properties.Select(property => property.Name)];
        _known.AddOrUpdate(key, names, (_, known) => [.. known.Union(names, StringComparer.OrdinalIgnoreCase)]);
        return properties.SelectMany(property => SettingValue.Failures(
            property.PropertyType,
            section.GetSection(property.Name),
            PathOf(Combine(key, property.Name))));
    }

    /// <summary>The whole keys that belong to no option that was read, each with the options that lie beside it.</summary>
    public IEnumerable<(string Key, string[] Known)> Unknown()
    {
        foreach ((string key, string[] known) in _known)
        {
            // A section of options is known in the one that it lies in.
            string[] sections = key.Length == 0 ? [.. _known.Keys.Where(name => name.Length > 0 && !name.Contains(':', StringComparison.Ordinal))] : [];
            foreach (IConfigurationSection child in At(key)!.GetChildren())
            {
                if (!known.Concat(sections).Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                    yield return (PathOf(Combine(key, child.Key)), known);
            }
        }
    }

    private static string Combine(string key, string name) => key.Length == 0 ? name : ConfigurationPath.Combine(key, name);

    private static OptionsValidationException Refused<TOptions>(IEnumerable<string> failures) =>
        new(Options.DefaultName, typeof(TOptions), failures);

    private IConfiguration? At(string key) => key.Length == 0 ? _section : _section?.GetSection(key);
}

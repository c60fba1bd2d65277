using System.CommandLine;

namespace MnistApi.Cli.Verbs;

internal static class Ranges
{
    /// <summary>Makes a value outside the range bad usage.</summary>
    public static void MustBe<T>(this Option<T> option, Func<T, bool> isValid, string expected) =>
        option.Validators.Add(result =>
        {
            T? value;
            try
            {
                value = result.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                return; // no T at all: the parser says so itself
            }
            if (value is not null && !isValid(value))
                result.AddError($"{option.Name}: expected {expected}, got {value}");
        });
}

namespace MnistApi.Inference;

/// <summary>The activation function that a layer applies to its weighted sums; formulas in <see cref="Activations"/>.</summary>
public enum Activation
{
    /// <summary>h(a) = a.</summary>
    Identity,

    /// <summary>h(a) = 1 where a is above 0, else 0.</summary>
    Step,

    /// <summary>h(a) = 1 / (1 + exp(-a)).</summary>
    Sigmoid,

    /// <summary>h(a) = max(0, a).</summary>
    Relu,

    /// <summary>y_k = exp(a_k) / sum of exp(a_i) over one image's row.</summary>
    Softmax,
}

/// <summary>The names under which weights files and people speak of activations.</summary>
public static class ActivationNames
{
    private static readonly (string Name, Activation Value)[] s_names =
    [
        ("identity", Activation.Identity),
        ("step", Activation.Step),
        ("sigmoid", Activation.Sigmoid),
        ("relu", Activation.Relu),
        ("softmax", Activation.Softmax),
    ];

    /// <summary>Every name, in the order of <see cref="Activation"/>.</summary>
    public static IEnumerable<string> All => s_names.Select(pair => pair.Name);

    /// <summary>The lower-case name of an activation.</summary>
    public static string Name(this Activation activation) => s_names[(int)activation].Name;

    /// <summary>Finds the activation with exactly this lower-case name.</summary>
    /// <returns>False where there is none.</returns>
    public static bool TryParse(string name, out Activation activation)
    {
        var index = Array.FindIndex(s_names, pair => pair.Name == name);
        activation = index < 0 ? default : s_names[index].Value;
        return index >= 0;
    }
}

namespace MnistApi.Imaging;

/// <summary>How a picture is brought to 28x28.</summary>
public enum Preprocess
{
    /// <summary>As MNIST's makers would have: the digit is found, cleaned, scaled and centred.</summary>
    Auto,

    /// <summary>In grey, averaged over areas to 28x28 and nothing else; light stays light.</summary>
    None,
}

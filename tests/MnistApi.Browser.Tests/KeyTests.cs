using System.Security.Cryptography;
using System.Text;

namespace MnistApi.Browser.Tests;

/// <summary>A service that asks for API keys.</summary>
public sealed class KeyTests
{
    private const string Key = "mnist_a-key-for-this-test";

    [Fact]
    public async Task The_page_asks_for_the_key_once_and_goes_on_with_it()
    {
        await using var service = Service();
        await using var visit = await OpenAsync(service);
        await visit.ShootAsync("key");
        await GiveAsync(visit, Key);
        await visit.SeesAsync(7);
        await visit.PressSampleAsync(3);
        await visit.SeesAsync(3);
        await visit.GoToAsync("inside", ".strong line");
        Assert.False(await visit.AskAsync<bool>("document.querySelector('dialog') !== null"));
    }

    [Fact]
    public async Task A_refused_key_is_said_and_another_asked_for()
    {
        await using var service = Service();
        await using var visit = await OpenAsync(service);
        Assert.Equal("This service asks for an API key.", await visit.TextAsync("dialog label"));
        await GiveAsync(visit, "mnist_another-key");
        await visit.WaitAsync("document.querySelector('dialog[open] label')?.textContent === 'The service does not know this key. "
            + "Another one?'");
        await GiveAsync(visit, Key);
        await visit.SeesAsync(7);
    }

    [Fact]
    public async Task Snippets_carry_a_placeholder_and_never_the_key()
    {
        await using var service = Service();
        await using var visit = await OpenAsync(service);
        await GiveAsync(visit, Key);
        await visit.SeesAsync(7);
        await visit.GoToAsync("use", "[role=tab]");
        for (var tab = 0; tab < 4; tab++)
        {
            await visit.Page.ClickAsync($"#tab-{tab}");
            var snippet = await visit.TextAsync("#snippet");
            Assert.Contains("YOUR-KEY", snippet, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, snippet, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Over_the_quota_the_page_waits_and_goes_on()
    {
        await using var service = Service(("Access:Keys:0:RequestsPerSecond", "2"));
        await using var visit = await OpenAsync(service);
        visit.AlsoExpectedStatus = 429;
        await GiveAsync(visit, Key);
        await visit.SeesAsync(7);
        await visit.GoToAsync("inside", ".strong line"); // five requests at once
        await visit.PressSampleAsync(3);
        await visit.SeesAsync(3);
    }

    private static PageService Service(params (string Key, string Value)[] settings) =>
        new([("Access:Keys:0:Name", "test"), ("Access:Keys:0:Sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
            .. settings]);

    private static async Task<Visit> OpenAsync(PageService service)
    {
        var visit = await Visit.OpenAsync(service, Visit.Screen);
        visit.ExpectedStatus = 401;
        await visit.WaitAsync("document.querySelector('dialog[open] input')");
        return visit;
    }

    private static async Task GiveAsync(Visit visit, string key)
    {
        await visit.Page.TypeAsync("dialog input", key);
        await visit.Page.Keyboard.PressAsync("Enter");
    }
}

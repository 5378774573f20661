package workflows

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

const longestToken = 4096

var tokenForm = regexp.MustCompile(`^[!-~]+$`)

// checkedAddress is an http(s) address without its last slashes and with nothing secret in it.
func checkedAddress(given string) (*url.URL, error) {
	found, err := url.Parse(given)
	if err == nil && found.User != nil {
		return nil, invalid("the registry's address holds a password", "give a token by WithToken and leave it out of the address")
	}
	if err != nil || (found.Scheme != "https" && found.Scheme != "http") || found.Host == "" ||
		found.RawQuery != "" || found.Fragment != "" {
		wrong := invalid("this is not the address of a registry", "write https://HOST or https://HOST/PATH, as the catalogue's home page is opened")
		wrong.Location = shown(given, longestTold)
		return nil, wrong
	}
	return found, nil
}

// checkedToken refuses a token that can't or may not be sent to the address; errors never show it.
func checkedToken(token string, address *url.URL) error {
	if token == "" {
		return nil
	}
	if len(token) > longestToken || !tokenForm.MatchString(token) {
		return invalid("the token holds blanks, line breaks or other characters that no token has",
			"strip it: a file's last line break, quotes of a shell")
	}
	if address.Scheme == "http" && !isHere(address.Hostname()) {
		wrong := invalid("the token would go over the network unencrypted", "use the registry's https:// address, or leave the token out")
		wrong.Location = address.String()
		return wrong
	}
	return nil
}

func isHere(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && ip.IsLoopback())
}
